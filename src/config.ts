// Loads the configuration: the command line takes precedence over the environment, and the environment over defaults.
// Guarantees a frozen result, and an error that lists every mistake at once. The only file that reads `process.env`.

import { parseArgs } from 'node:util';
import {
  configSchema,
  listSettings,
  SECRET_SETTINGS,
  type Setting,
  type SettingKey,
  type Settings,
} from './settings.ts';

/** The parsed settings and access to the environment. Frozen. Contains secrets: never log it as a whole. */
export type Config = Readonly<Settings> & {
  readonly seed: boolean;
  readonly explorer: boolean;
  readonly closeDelayMs: number;
  /** null: off. */
  readonly operatorsPort: number | null;
  /** Units of a minute; null: no limit. */
  readonly rateLimitActor: number | null;
  readonly rateLimitClient: number | null;
  readonly rateLimitAddress: number | null;
  readonly introspection: 'everybody' | 'developers' | 'nobody';
  /** Resolves `${env:NAME}` references of connectors. Reads the environment at each call, so that secrets can be rotated. */
  readonly readEnv: (name: string) => string | undefined;
};

/** Wrong settings. Each problem is a sentence that names the setting, what was found, what is expected and the remedy. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Thrown by `loadConfig` for `--help`; `message` is the text to print. */
export class HelpRequested extends Error {
  override readonly name = 'HelpRequested';
}

/** Levenshtein distance of two short names. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known name closest to `name`. Missing letters count less than wrong ones, so that a part of a name finds it. */
function nearest(name: string, known: readonly string[]): string {
  const far = (other: string) => distance(name, other) - 0.6 * Math.max(0, other.length - name.length);
  return known.reduce((best, candidate) => (far(candidate) < far(best) ? candidate : best));
}

/** The texts of the settings on the command line; arguments that are not settings are added to `problems`. */
function readArguments(
  argv: string[],
  settings: readonly Setting[],
  problems: string[],
): Map<SettingKey, string> {
  const given = new Map<SettingKey, string>();
  const known = [...settings.map(({ option }) => option), 'no-simulators', 'no-explorer', 'help'];
  const options = Object.fromEntries(settings.map(({ option }) => [option, { type: 'string' as const }]));
  let afterUnknown = false;
  for (const token of parseArgs({ args: argv, strict: false, tokens: true, options }).tokens) {
    if (token.kind === 'positional' && !afterUnknown) {
      problems.push(`"${token.value}" is not an option. Options start with --; --help lists all.`);
    }
    afterUnknown = false;
    if (token.kind !== 'option') continue;
    if (token.name === 'help' || token.rawName === '-h') throw new HelpRequested(helpText());
    const off = token.name === 'no-simulators' || token.name === 'no-explorer';
    const setting = settings.find(({ option }) => option === (off ? token.name.slice(3) : token.name));
    if (!setting) {
      afterUnknown = token.value === undefined;
      problems.push(
        `${token.rawName} is not an option. Did you mean --${nearest(token.name, known)}? --help lists all.`,
      );
    } else if (off && token.value !== undefined) {
      problems.push(`${token.rawName}: found a value, expected none. Write ${token.rawName} alone.`);
    } else if (!off && !token.value) {
      problems.push(`${token.rawName}: found no value, expected ${setting.expects}.`);
    } else given.set(setting.key, off ? 'off' : (token.value ?? ''));
  }
  return given;
}

/** Beyond the ports of the simulators, which follow that of the gateway. */
const operatorsPortFor = (port: number): number =>
  port === 0 ? 0 : port <= 65_435 ? port + 100 : port - 100;

/** A demonstration has one caller for everything. */
const rateLimitsOf = ({ simulators, rateLimitActor, rateLimitClient, rateLimitAddress }: Settings) => ({
  rateLimitActor: rateLimitActor === undefined ? (simulators ? null : 2_000_000) : rateLimitActor,
  rateLimitClient: rateLimitClient === undefined ? (simulators ? null : 20_000_000) : rateLimitClient,
  rateLimitAddress: rateLimitAddress === undefined ? (simulators ? null : 500_000) : rateLimitAddress,
});

/** The text of `--help`. */
export function helpText(): string {
  const rows = listSettings().map(
    ({ option, variable, expects, about, fallback }) =>
      `  --${option} (${variable})\n      ${about}\n      Expects ${expects}. Default: ${fallback}.\n`,
  );
  return `Liên Thông, a GraphQL integration gateway.

Settings, on the command line or in the environment (the command line wins):
${rows.join('')}  --no-simulators, --no-explorer
      Short for --simulators off, --explorer off.
  --help
      Prints this.
`;
}

/**
 * Reads the settings from the command line and the environment; an empty variable counts as not set.
 * @throws {ConfigError} with every problem, when anything is wrong.
 * @throws {HelpRequested} when `--help` is among the arguments.
 */
export function loadConfig(
  argv: string[] = process.argv.slice(2),
  env: NodeJS.ProcessEnv = process.env,
): Config {
  const problems: string[] = [];
  const settings = listSettings();
  const given = readArguments(argv, settings, problems);
  const input = Object.fromEntries(
    settings.flatMap(({ key, variable }) => {
      const text = given.get(key) ?? (env[variable] || undefined);
      return text === undefined ? [] : [[key, text]];
    }),
  );
  const parsed = configSchema.safeParse(input);
  const wrong = new Set(parsed.error?.issues.map((issue) => issue.path[0]));
  for (const { key, option, variable, expects } of settings) {
    if (!wrong.has(key)) continue;
    const found = SECRET_SETTINGS.has(key) ? 'something else' : JSON.stringify(input[key]);
    problems.push(`${given.has(key) ? `--${option}` : variable}: found ${found}, expected ${expects}.`);
  }
  if (parsed.success && parsed.data.seed === true && !parsed.data.simulators) {
    problems.push(
      `${given.has('seed') ? '--seed' : 'SEED'}: found "on" while the simulators are off, expected off. ` +
        'Synthetic dossiers would send requests about people who do not exist to the real systems; start with simulators, or leave SEED out.',
    );
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return Object.freeze({
    ...parsed.data,
    seed: parsed.data.seed ?? parsed.data.simulators,
    explorer: parsed.data.explorer ?? parsed.data.simulators,
    // Load balancers check every few seconds; a demonstration has none, and a person waits for Ctrl-C.
    closeDelayMs: parsed.data.closeDelayMs ?? (parsed.data.simulators ? 1_000 : 5_000),
    operatorsPort:
      parsed.data.operatorsPort === undefined
        ? operatorsPortFor(parsed.data.port)
        : parsed.data.operatorsPort,
    ...rateLimitsOf(parsed.data),
    introspection: parsed.data.introspection ?? (parsed.data.simulators ? 'everybody' : 'developers'),
    simulatorPorts: Object.freeze(parsed.data.simulatorPorts),
    readEnv: (name: string) => env[name] || undefined,
  });
}

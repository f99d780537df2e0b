// Settings: command line over environment over defaults → one frozen, typed object. Called once, by `main.ts`, and by
// tests with their own input. Guarantees that every mistake is found and said at once, each with its setting's name.
// The only file that reads `process.env`.

import { parseArgs } from 'node:util';
import { z } from 'zod';

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
const port = wholeNumber(0, 65_535);

/** `population=5001,postal=5002` → `{ population: 5001, postal: 5002 }` */
const portList = z
  .string()
  .regex(/^$|^[a-z][a-z0-9-]*=\d{1,5}(,[a-z][a-z0-9-]*=\d{1,5})*$/)
  .transform((text) => Object.fromEntries(text.split(',').flatMap((pair) => (pair ? [pair.split('=')] : []))))
  .pipe(z.record(z.string(), port));

const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/)
  .refine((text) => URL.canParse(text));

/** Without user and password: headers carry what a collector wants to know. */
const httpUrl = z
  .string()
  .regex(/^https?:\/\/[^\s@?#]+$/)
  .refine((text) => URL.canParse(text));

const ratio = z
  .string()
  .regex(/^(0|1|0?\.\d{1,9}|[01]\.\d{1,9})$/)
  .transform(Number)
  .refine((value) => value <= 1);

/** Settings whose value may hold a secret, rightly or by mistake: it is never shown. */
const UNSHOWN: ReadonlySet<string> = new Set(['databaseUrl', 'operatorToken', 'otelExporterOtlpEndpoint']);

/**
 * What `--help` and messages print about a setting: `expects` completes "Expected …"; `fallback` describes a default that
 * depends on another setting.
 */
const says = (expects: string, about: string, fallback?: string) => ({ expects, about, fallback });

/** The default of settings that serve demonstrations only: a real start has neither synthetic data nor an explorer. */
const WITH_SIMULATORS = 'on with simulators, off without';

/** The one tree of settings: keys of `Config`, values as text (both sources give text), defaults, and what each means. */
export const configSchema = z.strictObject({
  host: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/)
    .default('127.0.0.1')
    .meta(says('a host name or address', 'Address to listen on.')),
  port: port
    .default(4000)
    .meta(
      says(
        'a whole number from 0 to 65535',
        'Port of the gateway; the simulators take the next ones. 0 takes any free port.',
      ),
    ),
  dataDir: z.string().min(1).default('./data').meta(says('a folder', 'Folder of the embedded store.')),
  databaseUrl: postgresUrl
    .optional()
    .meta(says('postgres://user@host:port/database', 'PostgreSQL to use in place of the embedded store.')),
  connectorsDir: z
    .string()
    .min(1)
    .default('./connectors')
    .meta(says('a folder', 'Folder of the connectors; SIGHUP reads it again.')),
  simulators: onOff.default(true).meta(says('on or off', 'Start the simulators of the national systems.')),
  simulatorPorts: portList
    .default({})
    .meta(
      says(
        'id=port pairs, e.g. population=5001,postal=5002',
        'Ports of single simulators, in place of the next ones.',
      ),
    ),
  seed: onOff
    .optional()
    .meta(says('on or off', 'Fill an empty store with the synthetic city.', WITH_SIMULATORS)),
  explorer: onOff.optional().meta(says('on or off', 'Serve GraphiQL at / and /explorer.', WITH_SIMULATORS)),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .meta(says('debug, info, warn, error or silent', 'Least level that is logged (JSON lines on stderr).')),
  operatorToken: z
    .string()
    .regex(/^(\$\{(env|file):[^}]+\}|[\x21-\x7e]{16,256})$/)
    .optional()
    .meta(
      says(
        '16 to 256 visible characters, or a reference such as ${file:/run/secrets/operator-token}',
        'Token by which operators are known (Authorization: Bearer …), for connectorHealth, /status in full and the mutations.',
      ),
    ),
  requestDeadlineMs: wholeNumber(50, 120_000)
    .default(10_000)
    .meta(
      says(
        'milliseconds from 50 to 120000',
        'Time that one request has; what is late by then is null with DEADLINE_EXCEEDED.',
      ),
    ),
  maxBodyBytes: wholeNumber(1024, 16_777_216)
    .default(262_144)
    .meta(says('bytes from 1024 to 16777216', 'Largest request body; more is PAYLOAD_TOO_LARGE.')),
  closeGraceMs: wholeNumber(0, 60_000)
    .default(10_000)
    .meta(
      says(
        'milliseconds from 0 to 60000',
        'Time that requests under way have to end when the gateway closes.',
      ),
    ),
  devOfficer: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,32}$/)
    .default('CB0001')
    .meta(
      says('1 to 32 letters, digits or . _ -', 'Officer that every request runs as, until sign-in comes.'),
    ),
  devAgency: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,32}$/)
    .default('H26')
    .meta(says('1 to 32 letters, digits or . _ -', 'Agency of that officer.')),
  otelExporterOtlpEndpoint: httpUrl
    .optional()
    .meta(
      says(
        'an http or https URL without user, query and fragment',
        'Collector that traces are sent to (OTLP over HTTP); without it there are none.',
      ),
    ),
  otelTracesSamplerArg: ratio
    .default(1)
    .meta(
      says('a number from 0 to 1', 'Share of requests that are traced, where the client has not decided.'),
    ),
});

type Settings = z.infer<typeof configSchema>;
type SettingKey = keyof Settings;

/** How a setting is written: `requestDeadlineMs` is `--request-deadline-ms` and `REQUEST_DEADLINE_MS`. */
export interface Setting {
  readonly key: SettingKey;
  readonly option: string;
  readonly variable: string;
  readonly expects: string;
  readonly about: string;
  /** As text, the way a person would write the value, or a sentence; `none` where there is no default. */
  readonly fallback: string;
}

function asText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return value === undefined || typeof value === 'object' ? 'none' : String(value);
}

/** Every setting, in the order of `--help`; `docs/configuration.md` says the same. */
export function listSettings(): readonly Setting[] {
  const fallbacks: Settings = configSchema.parse({});
  return (Object.keys(configSchema.shape) as SettingKey[]).map((key) => {
    const option = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const { expects, about, fallback } = configSchema.shape[key].meta() as ReturnType<typeof says>;
    const variable = option.toUpperCase().replaceAll('-', '_');
    return { key, option, variable, expects, about, fallback: fallback ?? asText(fallbacks[key]) };
  });
}

/** The settings, and a way to resolve `${env:NAME}` references of connectors. Frozen; log no more of it than you must. */
export type Config = Readonly<Settings> & {
  readonly seed: boolean;
  readonly explorer: boolean;
  /** Value of an environment variable that a connector refers to; read at each call, so that secrets can be rotated. */
  readonly readEnv: (name: string) => string | undefined;
};

/** All that is wrong with the settings; `problems` are whole sentences that name setting, finding, expectation and way out. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Thrown by `loadConfig` for `--help`: `message` is the text to print. Not a failure. */
export class HelpRequested extends Error {
  override readonly name = 'HelpRequested';
}

/** Edit distance of two short words. */
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

/** What is only missing counts for less, so that a part of a name finds it. */
function nearest(name: string, known: readonly string[]): string {
  const far = (other: string) => distance(name, other) - 0.6 * Math.max(0, other.length - name.length);
  return known.reduce((best, candidate) => (far(candidate) < far(best) ? candidate : best));
}

/** Reads the command line into setting texts; what is not an option goes to `problems`. */
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

/** The text of `--help`: every setting, its variable, what it expects and its default. */
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
    const found = UNSHOWN.has(key) ? 'something else' : JSON.stringify(input[key]);
    problems.push(`${given.has(key) ? `--${option}` : variable}: found ${found}, expected ${expects}.`);
  }
  if (parsed.success && parsed.data.seed === true && !parsed.data.simulators) {
    problems.push(
      `${given.has('seed') ? '--seed' : 'SEED'}: found "on" while the simulators are off, expected off. ` +
        'Synthetic dossiers would have the real systems asked about people who do not exist; start with simulators, or leave SEED out.',
    );
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return Object.freeze({
    ...parsed.data,
    seed: parsed.data.seed ?? parsed.data.simulators,
    explorer: parsed.data.explorer ?? parsed.data.simulators,
    simulatorPorts: Object.freeze(parsed.data.simulatorPorts),
    readEnv: (name: string) => env[name] || undefined,
  });
}

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError, HelpRequested, helpText, loadConfig } from '../src/config.ts';
import { DEFAULT_LIMITS } from '../src/limits.ts';
import { listSettings } from '../src/settings.ts';

const problemsOf = (argv: string[], env: NodeJS.ProcessEnv = {}): readonly string[] => {
  try {
    loadConfig(argv, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('values', () => {
  it('no settings · loaded · then the defaults', () => {
    expect(loadConfig([], {})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      operatorsHost: '127.0.0.1',
      operatorsPort: 4100,
      dataDir: './data',
      connectorsDir: './connectors',
      simulators: true,
      simulatorPorts: {},
      seed: true,
      explorer: true,
      introspection: 'everybody',
      trustedDocuments: 'off',
      corsOrigins: [],
      hsts: false,
      logLevel: 'info',
      auditSpoolBytes: 268_435_456,
      auditSync: false,
      requestDeadlineMs: 10_000,
      maxBodyBytes: 262_144,
      ...DEFAULT_LIMITS,
      rateLimitActor: null,
      rateLimitClient: null,
      rateLimitAddress: null,
      headersTimeoutMs: 10_000,
      requestTimeoutMs: 15_000,
      answerStallMs: 10_000,
      keepAliveMs: 15_000,
      queueTargetMs: 300,
      queueIntervalMs: 1_000,
      maxRequests: 4_000,
      closeDelayMs: 1_000,
      closeGraceMs: 10_000,
      otelTracesSamplerArg: 1,
      readEnv: expect.any(Function),
    });
  });

  it('command line and environment · both set · then the command line takes precedence', () => {
    const config = loadConfig(['--port', '5000'], { PORT: '6000', HOST: '0.0.0.0' });
    expect([config.port, config.host]).toEqual([5000, '0.0.0.0']);
  });

  it('an empty variable · loaded · then unset', () => {
    const config = loadConfig([], { PORT: '', DATABASE_URL: '' });
    expect([config.port, config.databaseUrl]).toEqual([4000, undefined]);
  });

  it('--no-simulators and --no-explorer · loaded · then off', () => {
    expect(loadConfig(['--no-simulators', '--no-explorer'], {})).toMatchObject({
      simulators: false,
      explorer: false,
    });
  });

  it.each([
    [[], { simulators: true, seed: true, explorer: true }],
    [['--no-simulators'], { simulators: false, seed: false, explorer: false }],
    [['--no-simulators', '--explorer', 'on'], { simulators: false, seed: false, explorer: true }],
    [['--seed', 'off'], { simulators: true, seed: false, explorer: true }],
    [['--no-simulators', '--seed', 'off'], { simulators: false, seed: false, explorer: false }],
  ])('%j · loaded · then seed and explorer follow the simulators, unless set', (argv, expected) => {
    expect(loadConfig(argv, {})).toMatchObject(expected);
  });

  it.each([
    [['--port', '5000'], 5100],
    [['--port', '0'], 0],
    [['--port', '65500'], 65400],
    [['--operators-port', '9000'], 9000],
    [['--operators-port', 'off'], null],
  ])('%j · loaded · then the port of operators is %s', (argv, port) => {
    expect(loadConfig(argv, {}).operatorsPort).toBe(port);
  });

  it('rate limits · without simulators, set, off · then the defaults, the value, none', () => {
    const { rateLimitActor, rateLimitClient, rateLimitAddress } = loadConfig(
      ['--no-simulators', '--rate-limit-client', '5000', '--rate-limit-address', 'off'],
      {},
    );
    expect([rateLimitActor, rateLimitClient, rateLimitAddress]).toEqual([2_000_000, 5_000, null]);
  });

  it('simulator ports · as pairs · then by connector', () => {
    expect(
      loadConfig([], { SIMULATOR_PORTS: 'population=5001,business-registry=5002' }).simulatorPorts,
    ).toEqual({
      population: 5001,
      'business-registry': 5002,
    });
  });

  it('the settings · changed afterwards · then refused', () => {
    const config = loadConfig([], {}) as { port: number; simulatorPorts: Record<string, number> };
    expect(() => (config.port = 1)).toThrow(TypeError);
    expect(() => (config.simulatorPorts.x = 1)).toThrow(TypeError);
  });

  it('a variable of a connector · changed later · then read again, and never printed', () => {
    const env: NodeJS.ProcessEnv = { POPULATION_SECRET: 'one' };
    const config = loadConfig([], env);
    env.POPULATION_SECRET = 'two';
    expect(config.readEnv('POPULATION_SECRET')).toBe('two');
    expect(config.readEnv('MISSING')).toBeUndefined();
    expect(JSON.stringify(config)).not.toMatch(/one|two/);
  });
});

describe('mistakes', () => {
  it('many · at once · then all are reported, each with its setting, what was found and what is expected', () => {
    const env = { PORT: '99999', LOG_LEVEL: 'loud', REQUEST_DEADLINE_MS: '1.5', EXPLORER: 'yes' };
    expect(problemsOf(['--simulator-ports', 'a=1,b', '--max-body-bytes', '9'], env)).toEqual([
      'PORT: found "99999", expected a whole number from 0 to 65535.',
      '--simulator-ports: found "a=1,b", expected id=port pairs, e.g. population=5001,postal=5002.',
      'EXPLORER: found "yes", expected on or off.',
      'LOG_LEVEL: found "loud", expected debug, info, warn, error or silent.',
      'REQUEST_DEADLINE_MS: found "1.5", expected milliseconds from 50 to 120000.',
      '--max-body-bytes: found "9", expected bytes from 1024 to 16777216.',
    ]);
  });

  it.each([
    [['--prot', '5000'], '--prot is not an option. Did you mean --port? --help lists all.'],
    [['--no-simulator'], '--no-simulator is not an option. Did you mean --no-simulators? --help lists all.'],
    [
      ['--deadline-ms=5'],
      '--deadline-ms is not an option. Did you mean --request-deadline-ms? --help lists all.',
    ],
    [['serve'], '"serve" is not an option. Options start with --; --help lists all.'],
    [['--port'], '--port: found no value, expected a whole number from 0 to 65535.'],
    [['--port='], '--port: found no value, expected a whole number from 0 to 65535.'],
    [['--no-simulators=yes'], '--no-simulators: found a value, expected none. Write --no-simulators alone.'],
    [['--port=-1'], '--port: found "-1", expected a whole number from 0 to 65535.'],
    [
      ['--connectors', 'x'],
      '--connectors is not an option. Did you mean --connectors-dir? --help lists all.',
    ],
  ])('%j · loaded · then %s', (argv, problem) => {
    expect(problemsOf(argv)).toEqual([problem]);
  });

  it.each([
    [['--no-simulators', '--seed', 'on'], {}, '--seed'],
    [['--no-simulators'], { SEED: 'on' }, 'SEED'],
    [[], { SEED: 'on', SIMULATORS: 'off' }, 'SEED'],
  ])('%j with %j · the synthetic city for real systems · then refused', (argv, env, name) => {
    expect(problemsOf(argv, env)).toEqual([
      `${name}: found "on" while the simulators are off, expected off. Synthetic dossiers would send requests about people who do not exist to the real systems; start with simulators, or leave SEED out.`,
    ]);
  });

  it('an invalid database URL · loaded · then its password is not shown', () => {
    const [problem] = problemsOf([], { DATABASE_URL: 'mysql://u:hunter2@db/x' });
    expect(problem).toBe('DATABASE_URL: found something else, expected postgres://user@host:port/database.');
  });

  it.each(['ftp://collector', 'http://user:hunter2@collector:4318', 'https://collector/?token=hunter2'])(
    'a collector · as %s · then refused, and the value is not shown',
    (url) => {
      expect(problemsOf([], { OTEL_EXPORTER_OTLP_ENDPOINT: url })).toEqual([
        'OTEL_EXPORTER_OTLP_ENDPOINT: found something else, expected an http or https URL without user, query and fragment.',
      ]);
    },
  );

  it.each(['1.1', '-0.5', '50%', '', '1e-1'])('a share of %j · loaded · then refused, or unset', (share) => {
    expect(problemsOf([], { OTEL_TRACES_SAMPLER_ARG: share })).toEqual(
      share
        ? [`OTEL_TRACES_SAMPLER_ARG: found ${JSON.stringify(share)}, expected a number from 0 to 1.`]
        : [],
    );
  });

  it.each(['postgres://u:p@127.0.0.1:5432/city', 'postgresql://db/city'])(
    '%s · loaded · then accepted',
    (url) => {
      expect(loadConfig([], { DATABASE_URL: url }).databaseUrl).toBe(url);
    },
  );
});

it.each([['--help'], ['-h'], ['--port', 'x', '--help']])(
  '%s · loaded · then help, with every setting',
  (...argv) => {
    expect(() => loadConfig(argv, {})).toThrow(HelpRequested);
    for (const { option, variable, fallback } of listSettings()) {
      expect(helpText()).toMatch(
        new RegExp(`--${option} \\(${variable}\\)\\n.*\\n.*Default: ${fallback.replaceAll('.', '\\.')}\\.`),
      );
    }
  },
);

describe('docs/configuration.md', () => {
  const text = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8');

  it('its sections · compared with the settings · then one for each', () => {
    const named = [...text.matchAll(/^## `(\w+)`$/gm)].map(([, name]) => name);
    expect(named).toEqual(listSettings().map(({ variable }) => variable));
  });

  it.each(listSettings())('$variable · in the table and its section · then as in the settings', (setting) => {
    const { variable, option, expects, fallback, about } = setting;
    const shown = fallback.includes(' ') || fallback === 'none' ? fallback : `\`${fallback}\``;
    expect(text).toContain(
      `| [\`${variable}\`](#${variable.toLowerCase()}) | \`--${option}\` | ${expects} | ${shown} |`,
    );
    expect(text).toContain(`## \`${variable}\`\n\n${about} `);
  });
});

// The settings: the name, expected form, default and meaning of each. Help text, messages and `docs/configuration.md`
// derive from this table.

import { z } from 'zod';
import { auditSettings } from './audit-settings.ts';
import { browserSettings, limitSettings } from './door-settings.ts';
import {
  described,
  httpUrl,
  onOff,
  port,
  portList,
  portOrOff,
  postgresUrl,
  ratio,
  wholeNumber,
} from './setting-values.ts';

/** Settings whose value may contain a secret, as intended or by mistake: messages never show the value. */
export const SECRET_SETTINGS: ReadonlySet<string> = new Set([
  'databaseUrl',
  'operatorToken',
  'auditKey',
  'auditSigningKey',
  'otelExporterOtlpEndpoint',
]);

/** The default of settings for demonstrations: a start with real systems has neither synthetic data nor an explorer. */
const WITH_SIMULATORS = 'on with simulators, off without';

/** Every setting by its key in `Config`. Values are parsed from text, the form in which both sources supply them. */
export const configSchema = z.strictObject({
  host: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/)
    .default('127.0.0.1')
    .meta(described('a host name or address', 'Address to listen on.')),
  port: port
    .default(4000)
    .meta(
      described(
        'a whole number from 0 to 65535',
        'Port of the gateway; the simulators and the development issuer use the ports that follow. 0 selects any free port.',
      ),
    ),
  operatorsHost: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/)
    .default('127.0.0.1')
    .meta(described('a host name or address', 'Address of the port of operators.')),
  operatorsPort: portOrOff
    .optional()
    .meta(
      described(
        'a whole number from 0 to 65535, or off',
        'Port for operators: /metrics and /status in full. 0 selects any free port.',
        '100 above PORT; 0 where PORT is 0',
      ),
    ),
  dataDir: z.string().min(1).default('./data').meta(described('a folder', 'Folder of the embedded store.')),
  databaseUrl: postgresUrl
    .optional()
    .meta(
      described(
        'postgres://user@host:port/database',
        'PostgreSQL database to use in place of the embedded store.',
      ),
    ),
  connectorsDir: z
    .string()
    .min(1)
    .default('./connectors')
    .meta(described('a folder', 'Folder that contains the connector folders; SIGHUP reads it again.')),
  accessFile: z
    .string()
    .min(1)
    .optional()
    .meta(
      described(
        'a file',
        'YAML file with the issuers of tokens, the client applications and the trusted proxies.',
      ),
    ),
  simulators: onOff
    .default(true)
    .meta(described('on or off', 'Start the simulators of the national systems.')),
  simulatorPorts: portList
    .default({})
    .meta(
      described(
        'id=port pairs, e.g. population=5001,postal=5002',
        'Ports of individual simulators, and of the development issuer (issuer), in place of the ports that follow PORT.',
      ),
    ),
  seed: onOff
    .optional()
    .meta(described('on or off', 'Fill an empty store with the synthetic city.', WITH_SIMULATORS)),
  explorer: onOff
    .optional()
    .meta(described('on or off', 'Serve GraphiQL at / and /explorer.', WITH_SIMULATORS)),
  ...browserSettings,
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .meta(
      described('debug, info, warn, error or silent', 'Lowest level that is logged (JSON lines on stderr).'),
    ),
  operatorToken: z
    .string()
    .regex(/^(\$\{(env|file):[^}]+\}|[\x21-\x7e]{16,256})$/)
    .optional()
    .meta(
      described(
        '16 to 256 visible characters, or a reference such as ${file:/run/secrets/operator-token}',
        'Break-glass token (Authorization: Bearer …) that makes an operator while no issuer can be reached; each use is logged.',
      ),
    ),
  ...auditSettings,
  requestDeadlineMs: wholeNumber(50, 120_000)
    .default(10_000)
    .meta(
      described(
        'milliseconds from 50 to 120000',
        'Time limit of a request; fields that are not ready by then are null with DEADLINE_EXCEEDED.',
      ),
    ),
  maxBodyBytes: wholeNumber(1024, 16_777_216)
    .default(262_144)
    .meta(
      described(
        'bytes from 1024 to 16777216',
        'Largest request body; a larger one is refused with PAYLOAD_TOO_LARGE.',
      ),
    ),
  ...limitSettings,
  queueTargetMs: wholeNumber(1, 60_000)
    .default(300)
    .meta(
      described(
        'milliseconds from 1 to 60000',
        'While the gateway is overloaded, the longest wait of a request before it is refused with OVERLOADED.',
      ),
    ),
  queueIntervalMs: wholeNumber(10, 60_000)
    .default(1000)
    .meta(
      described(
        'milliseconds from 10 to 60000',
        'The gateway counts as overloaded when requests have had to wait for this long without a pause.',
      ),
    ),
  maxRequests: wholeNumber(1, 1_000_000)
    .default(4000)
    .meta(
      described(
        'a whole number from 1 to 1000000',
        'Requests that are answered at once; further ones wait, and are refused like those of an overload.',
      ),
    ),
  headersTimeoutMs: wholeNumber(100, 120_000)
    .default(10_000)
    .meta(
      described(
        'milliseconds from 100 to 120000',
        'Time that a client has for the headers of a request; slower requests are refused with 408.',
      ),
    ),
  requestTimeoutMs: wholeNumber(100, 600_000)
    .default(15_000)
    .meta(
      described(
        'milliseconds from 100 to 600000',
        'Time that a client has to send a whole request; slower requests are refused with 408.',
      ),
    ),
  answerStallMs: wholeNumber(100, 120_000)
    .default(10_000)
    .meta(
      described(
        'milliseconds from 100 to 120000',
        'Time in which a client must take some part of its answer; otherwise its connection is closed.',
      ),
    ),
  keepAliveMs: wholeNumber(100, 600_000)
    .default(15_000)
    .meta(
      described(
        'milliseconds from 100 to 600000',
        'Time that a connection stays open for the next request; announced as Keep-Alive: timeout.',
      ),
    ),
  closeDelayMs: wholeNumber(0, 120_000)
    .optional()
    .meta(
      described(
        'milliseconds from 0 to 120000',
        'Time between the announcement of the end (/readyz is 503) and the end of listening.',
        '5000, with simulators 1000',
      ),
    ),
  closeGraceMs: wholeNumber(0, 60_000)
    .default(10_000)
    .meta(
      described(
        'milliseconds from 0 to 60000',
        'Time that requests in progress have to finish after the end of listening.',
      ),
    ),
  otelExporterOtlpEndpoint: httpUrl
    .optional()
    .meta(
      described(
        'an http or https URL without user, query and fragment',
        'Collector that receives traces (OTLP over HTTP). Unset: no traces.',
      ),
    ),
  otelTracesSamplerArg: ratio
    .default(1)
    .meta(
      described('a number from 0 to 1', 'Share of requests that are traced when the client does not decide.'),
    ),
});

export type Settings = z.infer<typeof configSchema>;
export type SettingKey = keyof Settings;

/** The names of a setting (`requestDeadlineMs` is `--request-deadline-ms` and `REQUEST_DEADLINE_MS`) and its description. */
export interface Setting {
  readonly key: SettingKey;
  readonly option: string;
  readonly variable: string;
  readonly expects: string;
  readonly about: string;
  /** The default, as a person would write the value or describe it; `none` without a default. */
  readonly fallback: string;
}

function asText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return value === undefined || typeof value === 'object' ? 'none' : String(value);
}

/** Every setting, in the order of `--help` and of `docs/configuration.md`. */
export function listSettings(): readonly Setting[] {
  const fallbacks: Settings = configSchema.parse({});
  return (Object.keys(configSchema.shape) as SettingKey[]).map((key) => {
    const option = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const { expects, about, fallback } = configSchema.shape[key].meta() as ReturnType<typeof described>;
    const variable = option.toUpperCase().replaceAll('-', '_');
    return { key, option, variable, expects, about, fallback: fallback ?? asText(fallbacks[key]) };
  });
}

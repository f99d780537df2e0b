// Illness is never called health: each kind of illness, over real sockets, and what every view says about it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultSettings } from '../../src/simulator/kit.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { aGateway, type TestGateway } from './a-gateway.ts';
import { eventually } from './eventually.ts';

const TOKEN = 'operators-of-this-test';
const HEADERS = { authorization: `Bearer ${TOKEN}` };
const PAYMENTS = '{ dossiers(first: 20) { edges { node { payments { status } } } } }';
/** The patient of every case. */
const ID = 'payment';

let folder: ConnectorsFolder;
let gate: TestGateway;
let version = 0;

beforeAll(async () => {
  folder = await aConnectorsFolder({ openMs: 60_000 });
  gate = await aGateway({ connectorsDir: folder.path, env: { OPERATOR_TOKEN: TOKEN } });
});
afterAll(async () => {
  await gate?.close();
  await folder?.remove();
});

/** A connector as new: a reload that changes its manifest forgets what was counted. */
async function aPatient(manifest = ''): Promise<void> {
  gate.simulator(ID).faults({});
  await folder.restore(ID);
  await folder.edit(ID, 'connector.yaml', (text) => `${text}\n# ${version++}\n${manifest}`);
  gate.log.length = 0;
  await gate.gateway.reload();
}

const ask = async (times: number): Promise<void> => {
  for (let i = 0; i < times; i++) await gate.ask(PAYMENTS);
};

const url = (path: string): URL => new URL(path, gate.report.graphqlUrl);
// biome-ignore lint/suspicious/noExplicitAny: the shape is what each test asserts.
const json = async (response: Promise<Response>): Promise<any> => (await response).json();

/** What each view says about the patient. */
async function views() {
  const headers = { 'accept-language': 'en' };
  const [{ data }, health, document, detailed, metrics] = [
    await gate.ask('{ connectors { id status message } }'),
    await gate.ask(
      `{ connectorHealth(connector: "${ID}") {
        status since message missing causes { cause status code operation share message }
        operations { breaker why trigger failuresInARow }
        transitions { to cause trigger failuresInARow failures }
        replicas { isThis status }
      } }`,
      undefined,
      HEADERS,
    ),
    await json(fetch(url('/status'), { headers })),
    await json(fetch(`${gate.report.operatorsUrl}/status`, { headers })),
    await (await fetch(`${gate.report.operatorsUrl}/metrics`)).text(),
  ];
  expect(health.errors).toBeUndefined();
  const value = (pattern: string): number | undefined => {
    const found = new RegExp(`^${pattern} (\\S+)$`, 'm').exec(metrics)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  return {
    listed: data.connectors.find(({ id }: { id: string }) => id === ID),
    health: health.data.connectorHealth[0],
    document,
    check: document.checks[`${ID}:availability`][0],
    detail: detailed.checks[`${ID}:availability`][0],
    metric: value(`lienthong_connector_status\\{connector="${ID}"\\}`),
    causes: [...metrics.matchAll(/^lienthong_connector_cause\{connector="payment",cause="(\w+)"\} 1$/gm)].map(
      (match) => match[1],
    ),
    log: gate.log.map((line) => JSON.parse(line)).filter(({ connector }) => connector === ID),
  };
}

type Status = 'OK' | 'DEGRADED' | 'UNAVAILABLE';
const METRIC = { OK: 0, DEGRADED: 1, UNAVAILABLE: 2 };

/** Every view says the same. */
async function expectIll(
  status: Exclude<Status, 'OK'>,
  cause: string,
  message: RegExp,
  code: string = cause,
  detail: RegExp = message,
) {
  const seen = await eventually(async () => {
    const now = await views();
    return now.listed.status === status && now.causes.includes(cause) && now;
  }, `${status} because of ${cause}`).catch(async (error) => {
    throw new Error(`${error.message} ${JSON.stringify((await views()).health, null, 1)}`);
  });
  const { listed, health, document, check, detail: forOperators, metric, log } = seen;
  expect(listed).toMatchObject({ status, message: expect.stringMatching(message) });
  expect(health).toMatchObject({ status, message: expect.stringMatching(detail) });
  expect(health.causes[0]).toMatchObject({ cause, status });
  expect(health.replicas[0]).toMatchObject({ isThis: true, status });
  expect(document.status).toBe('warn');
  expect(check).toMatchObject({ status: 'warn', observedValue: status, output: listed.message });
  expect(forOperators).toMatchObject({ status: 'warn', observedValue: status, output: health.message });
  expect(metric).toBe(METRIC[status]);
  const line = log.find(
    ({ msg }) => msg === (status === 'UNAVAILABLE' ? 'connector unavailable' : 'connector degraded'),
  );
  expect(line).toMatchObject({ level: 'warn', to: status, reason: cause, cause: code });
  return seen;
}

describe('the status follows what users get', () => {
  it.each<[string, FaultSettings, Exclude<Status, 'OK'>, string, RegExp, string]>([
    [
      '401 to every call',
      { status: 401 },
      'UNAVAILABLE',
      'CREDENTIALS_REJECTED',
      /^The source system did not accept the credentials of the gateway\.$/,
      'UPSTREAM_UNAUTHORIZED',
    ],
    [
      '403 to every call',
      { status: 403 },
      'UNAVAILABLE',
      'CREDENTIALS_REJECTED',
      /did not accept the credentials/,
      'UPSTREAM_UNAUTHORIZED',
    ],
    [
      '30 % of the answers 500',
      { status: 500, rate: 0.3 },
      'DEGRADED',
      'FAILURES',
      /^\d\d % of the recent calls brought no answer\. The source system reported a fault\.$/,
      'UPSTREAM_FAULT',
    ],
    [
      '30 % of the answers 401',
      { status: 401, rate: 0.3 },
      'DEGRADED',
      'CREDENTIALS_REJECTED',
      /^\d\d % of the recent calls brought no answer\. The source system did not accept/,
      'UPSTREAM_UNAUTHORIZED',
    ],
    [
      '1.5 s latency',
      { latencyMs: 1_500 },
      'DEGRADED',
      'LATE_ANSWERS',
      /^100 % of the recent answers were late, at 1000 ms or more\.$/,
      'LATE_ANSWERS',
    ],
    [
      '404 to every call',
      { status: 404 },
      'DEGRADED',
      'REFUSALS',
      /^The source system refused 100 % of the recent requests\.$/,
      'UPSTREAM_REFUSED',
    ],
    [
      'a maintenance page with status 200',
      { garbage: true },
      'UNAVAILABLE',
      'BREAKER_OPEN',
      /^Calls are paused\. 8 calls in a row failed\. .+cannot be read\.$/,
      'UPSTREAM_INVALID',
    ],
  ])('%s', async (_, faults, status, cause, message, code) => {
    await aPatient();
    // A share of failures that leaves the breaker closed, whichever calls they are.
    if (faults.rate !== undefined) {
      await folder.edit(ID, 'connector.yaml', (text) =>
        text.replace('minimumCalls: 8', 'minimumCalls: 1000'),
      );
      await gate.gateway.reload();
    }
    gate.simulator(ID).faults(faults);
    await ask(cause === 'LATE_ANSWERS' ? 1 : 4);
    await expectIll(status, cause, message, code);
  });

  it('a killed source · then the breaker says that it opened for failures in a row', async () => {
    await aPatient();
    await gate.kill(ID);
    try {
      await ask(2);
      const { health, log } = await expectIll(
        'UNAVAILABLE',
        'BREAKER_OPEN',
        /^Calls are paused\. 8 calls in a row failed\. The source system could not be reached\.$/,
        'UPSTREAM_UNREACHABLE',
      );
      expect(health.operations[0]).toMatchObject({ trigger: 'FAILURES_IN_A_ROW', failuresInARow: 8 });
      expect(health.transitions[0]).toMatchObject({
        to: 'OPEN',
        cause: 'UPSTREAM_UNREACHABLE',
        trigger: 'FAILURES_IN_A_ROW',
        failuresInARow: 8,
      });
      expect(log.find(({ msg }) => msg === 'connector unavailable')).toMatchObject({
        trigger: 'FAILURES_IN_A_ROW',
        failuresInARow: 8,
        requestIds: expect.any(Array),
      });
    } finally {
      await gate.revive(ID);
    }
  });

  it('a breaker that opens for the share of failures · then that is said', async () => {
    await aPatient();
    await folder.edit(ID, 'connector.yaml', (text) =>
      text.replace('failureRate: 0.5', 'failureRate: 0.2\n  failuresInARow: 100'),
    );
    await gate.gateway.reload();
    gate.simulator(ID).faults({ status: 500, rate: 0.4 });
    await ask(3);
    const { health } = await expectIll(
      'UNAVAILABLE',
      'BREAKER_OPEN',
      /^Calls are paused\. Too large a share of the calls failed\. /,
      'UPSTREAM_FAULT',
    );
    expect(health.transitions[0].trigger).toBe('FAILURE_RATE');
  });

  it('older answers in place of rejected calls · then callers see no error, and the status says why', async () => {
    await aPatient(
      'operations:\n  Payment: { cache: { ttlMs: 1, staleIfErrorMs: 600000, maxAgeMs: 600000 } }\n',
    );
    await ask(1);
    gate.simulator(ID).faults({ status: 401 });
    const { errors } = await gate.ask(PAYMENTS);
    expect(errors).toBeUndefined();
    await ask(2);
    await expectIll(
      'UNAVAILABLE',
      'CREDENTIALS_REJECTED',
      /did not accept the credentials/,
      'UPSTREAM_UNAUTHORIZED',
    );
  });

  it('a quota that is used up · then until when', async () => {
    await aPatient('quota: { perDay: 10 }\n');
    await ask(2);
    await expectIll(
      'UNAVAILABLE',
      'QUOTA_USED_UP',
      /^The quota of calls to the source system is used up\. Until .+, 00:00\.$/,
      'QUOTA_EXCEEDED',
    );
  });

  it('a reference that is not set · then operators read its name, and nobody else', async () => {
    await aPatient();
    await folder.edit(ID, 'connector.yaml', (text) => text.replace(/env:PAYMENT_SECRET/, 'env:SET_NOWHERE'));
    await gate.gateway.reload();
    const { listed, health } = await expectIll(
      'UNAVAILABLE',
      'MISSING_REFERENCE',
      /^Its credentials are not configured\.$/,
      'MISSING_REFERENCE',
      /: the environment variable SET_NOWHERE is not set\.$/,
    );
    expect(listed.message).not.toContain('SET_NOWHERE');
    expect(health.missing).toEqual(['the environment variable SET_NOWHERE is not set']);
  });

  it('a closed gate · then by an operator, and open again at once', async () => {
    await aPatient();
    await ask(1);
    const set = (state: string) =>
      gate.ask(
        `mutation { setConnectorGate(input: { connector: "${ID}", gate: ${state}, reason: "a test" }) { status } }`,
        undefined,
        HEADERS,
      );
    await set('CLOSED');
    await ask(3);
    await expectIll(
      'UNAVAILABLE',
      'GATE_CLOSED',
      /^The connection is closed by an operator\.$/,
      'MAINTENANCE',
    );
    const { data } = await set('AUTOMATIC');
    expect(data.setConnectorGate.status).toBe('OK');
    expect((await views()).log.map(({ msg }) => msg)).toContain('connector recovered');
  });

  it.each([
    ['still accepted', {}, 'DEGRADED', / has expired on .+ still answers at present\.$/],
    ['not called', null, 'DEGRADED', /^The credential of the gateway has expired on .+\d\.$/],
    ['rejected', { status: 401 }, 'UNAVAILABLE', /^The credential of the gateway has expired on .+\d\.$/],
  ] as const)('a credential that has expired · %s · then named', async (_, faults, status, message) => {
    const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
    await aPatient(
      `credentials: { type: basic, user: x, password: "\${env:PAYMENT_SECRET}", validUntil: "${day}" }\n`,
    );
    gate.simulator(ID).faults(faults ?? {});
    if (faults !== null) await ask(2);
    await expectIll(status, 'EXPIRED', message);
  });

  it('a credential that ends in ten days · then OK, and /status warns with the reason', async () => {
    const day = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
    await aPatient(
      `credentials: { type: basic, user: x, password: "${'$'}{env:PAYMENT_SECRET}", validUntil: "${day}" }\n`,
    );
    await ask(1);
    const { listed, health, document, check, causes } = await views();
    expect(listed).toMatchObject({ status: 'OK', message: null });
    expect(health.causes).toMatchObject([{ cause: 'EXPIRES_SOON', status: 'OK' }]);
    expect(check.status).toBe('pass');
    expect(document.status).toBe('warn');
    expect(document.checks[`${ID}:expiry`]).toMatchObject([
      {
        status: 'warn',
        output: expect.stringMatching(/^The credential of the gateway expires in \d+ days, on /),
      },
    ]);
    expect(causes).toEqual(['EXPIRES_SOON']);
  });
});

describe('a healthy source, and one that nobody calls', () => {
  it('no call yet · then OK, and said that there were no calls', async () => {
    await aPatient();
    const { listed, health, document, metric, causes, log } = await views();
    expect(listed).toMatchObject({ status: 'OK', message: 'No calls in the last minute.' });
    expect(health).toMatchObject({ status: 'OK', causes: [{ cause: 'NO_CALLS' }] });
    expect(document.checks[`${ID}:availability`][0]).toMatchObject({
      status: 'pass',
      output: 'No calls in the last minute.',
    });
    expect([metric, causes]).toEqual([0, ['NO_CALLS']]);
    expect(log.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('answers in time · then OK in every view, and nothing to say', async () => {
    await aPatient();
    await ask(2);
    const { listed, health, document, check, metric, causes, log } = await views();
    expect(listed).toMatchObject({ status: 'OK', message: null });
    expect(health).toMatchObject({ status: 'OK', message: null, causes: [] });
    expect(document.checks['clock:skew']).toBeUndefined();
    expect(check).toMatchObject({ status: 'pass', observedValue: 'OK' });
    expect([metric, causes]).toEqual([0, []]);
    expect(log.filter(({ msg }) => /^connector (un|deg|rec)/.test(msg))).toEqual([]);
  });

  it('one failure among a few calls · then OK: that is chance', async () => {
    await aPatient();
    gate.simulator(ID).faults({ status: 500, count: 1 });
    await ask(1);
    expect((await views()).listed).toMatchObject({ status: 'OK' });
  });

  it('credentials that were rejected and are accepted again · then OK with the next answers, in the same minute', async () => {
    await aPatient();
    gate.simulator(ID).faults({ status: 401 });
    await ask(2);
    await expectIll('UNAVAILABLE', 'CREDENTIALS_REJECTED', /credentials/, 'UPSTREAM_UNAUTHORIZED');
    gate.simulator(ID).faults({});
    await ask(2);
    const { listed, log } = await views();
    expect(listed).toMatchObject({ status: 'OK', message: null });
    expect(log.map(({ msg }) => msg).filter((msg) => /^connector (un|deg|rec)/.test(msg))).toEqual([
      'connector unavailable',
      'connector recovered',
    ]);
  });
});

// Last: the hold that the source asks for outlives a reload, since all gateways on the store keep it.
describe('a source that asks for fewer calls', () => {
  it('429 to every call', async () => {
    await aPatient();
    gate.simulator(ID).faults({ status: 429 });
    await ask(4);
    await expectIll(
      'UNAVAILABLE',
      'THROTTLED',
      /The source system refused: too many calls\.$/,
      'UPSTREAM_THROTTLED',
    );
  });
});

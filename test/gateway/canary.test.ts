// Marked personal data and secrets are driven through every road of whole gateways over real sockets; afterwards none of the marks is in
// what a gateway leaves behind: log, metrics, status, traces, errors, the audit trail, files, the output of a crash.

import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuditKeys } from '../../src/audit/open-audit.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { openStore } from '../../src/store/database.ts';
import { aCollector, type TestCollector } from '../observe/a-collector.ts';
import { aDatabaseProxy } from '../store/a-database-proxy.ts';
import { postgres } from '../store/each-store.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { aDataFolder } from './a-data-folder.ts';
import { type Answer, aGateway, type TestGateway } from './a-gateway.ts';
import { aProcess } from './a-process.ts';
import { AUDIT_KEY } from './an-environment.ts';
import { aTalkingSource, TALKERS, type TalkingSource, WAYS_OF_TALKING } from './canary/a-talking-source.ts';
import { MARKS, marksIn } from './canary/marks.ts';
import { sendAll } from './canary/requests.ts';
import { CONNECTORS } from './expected-page.ts';
import { freePorts } from './free-ports.ts';

const ALL = { ...MARKS };
/** Of one person of the synthetic city. */
const PERSON = `query($code: DossierCode!) { dossier(code: $code) { code applicant { personalId fullName birthDate { year }
  permanentAddress { detail } declared { fullName } } business { name representatives { fullName } } payments { reference } deliveries { trackingCode } } }`;
const TALK = (way: number): string => `{
  restPerson(id: "${MARKS.personalId}", name: "${MARKS.name}", way: ${way}) { id name phone email age year gender }
  soapPerson(id: "${MARKS.personalId}", name: "${MARKS.name}", way: ${way}) { id name phone email age year gender } }`;

const onlyErrors = (answer: Answer): string => JSON.stringify([answer.errors ?? [], [...answer.headers]]);

/** The files of a folder that are not the store's own, as one text with their names. */
async function filesIn(folder: string): Promise<string> {
  const texts: string[] = [];
  for (const path of await readdir(folder, { recursive: true })) {
    const whole = join(folder, path);
    const found = await stat(whole).catch(() => undefined);
    // PGlite keeps the tables, the log of the database and its settings here.
    if (!found?.isFile() || /^store\//.test(path)) continue;
    texts.push(`${relative(folder, whole)}\n${await readFile(whole, 'utf8')}`);
  }
  return texts.join('\n');
}

describe('the search for marks', () => {
  it.each(Object.entries(MARKS))('%s, in any form · searched · found', (what, mark) => {
    const bytes = Buffer.from(`in front ${mark} and behind`);
    for (const text of [
      bytes.toString(),
      JSON.stringify({ mark }),
      encodeURIComponent(bytes.toString()),
      new URLSearchParams({ mark }).toString(),
      bytes.toString('base64'),
      bytes.toString('hex'),
      bytes.toString('latin1'),
      bytes.toString().toUpperCase(),
    ])
      expect(marksIn(text, MARKS)[0]).toContain(what);
    expect(marksIn('nothing of it', MARKS)).toEqual([]);
  });
});

describe('a gateway with simulators and two sources that repeat everything', { timeout: 120_000 }, () => {
  let collector: TestCollector;
  let source: TalkingSource;
  let folder: ConnectorsFolder;
  let gate: TestGateway;
  /** Of the dossier that is looked up. */
  let applicant: Record<string, string>;
  let answers: Map<string, string>;
  const errors: string[] = [];
  let metrics = '';
  let status = '';
  let health = '';
  let exported = '';
  let reasonRefused: Answer;

  beforeAll(async () => {
    collector = await aCollector();
    source = await aTalkingSource();
    folder = await aConnectorsFolder();
    for (const [id, { manifest, schema }] of Object.entries(TALKERS)) {
      await mkdir(join(folder.path, id));
      await writeFile(join(folder.path, id, 'connector.yaml'), manifest);
      await writeFile(join(folder.path, id, 'schema.graphql'), schema);
    }
    gate = await aGateway({
      connectorsDir: folder.path,
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OPERATOR_TOKEN: MARKS.breakGlass,
        TALKER_URL: source.url,
        TALKER_TOKEN: MARKS.sourceToken,
        TALKER_KEY: MARKS.sourceKey,
      },
    });
    const url = gate.report.graphqlUrl;
    answers = await sendAll(url, await gate.authorization());

    const operator = { authorization: `Bearer ${MARKS.breakGlass}` };
    await gate.ask('{ connectorHealth { id } }', {}, operator);
    const setGate = (reason: string, more = {}) =>
      gate.ask(
        'mutation($input: SetConnectorGateInput!) { setConnectorGate(input: $input) { id } }',
        { input: { connector: 'talker-rest', gate: 'OPEN', reason, ...more } },
        operator,
      );
    reasonRefused = await setGate(`Theo đề nghị của ${MARKS.personalId}`);
    for (const mark of [MARKS.phone, MARKS.email, MARKS.jwt, `Bearer ${MARKS.opaqueToken}`])
      await setGate(`see ${mark}, please`);
    const text = { vi: `gọi ${MARKS.phone}`, en: `write to ${MARKS.email}` };
    await setGate('a message with a number', { gate: 'CLOSED', text });
    await setGate(`Theo đề nghị của ${MARKS.name}`);
    await setGate('all is well', { gate: 'AUTOMATIC' });
    await gate.ask(`mutation { probeConnector(connector: "talker-rest") { reachable } }`, {}, operator);

    // A person and an auditor, about the person.
    const statement = `${MARKS.name}, ${MARKS.personalId}, ${MARKS.phone}, ${MARKS.email}`;
    const consent = 'mutation($input: GiveConsentInput!) { giveConsent(input: $input) { id } }';
    for (const connector of ['population', MARKS.personalId])
      errors.push(
        onlyErrors(await gate.ask(consent, { input: { connector, statement } }, { as: 'citizen' })),
      );
    const filter = {
      personalId: MARKS.personalId,
      officer: MARKS.name,
      dossier: MARKS.phone,
      system: MARKS.email,
    };
    const trail = 'query($filter: AuditFilter) { auditTrail(filter: $filter) { edges { cursor } } }';
    errors.push(onlyErrors(await gate.ask(trail, { filter }, { as: 'auditor' })));

    // A source in every state of health; several callers at once, so that answers and failures are shared.
    let way = 0;
    for (const talk of WAYS_OF_TALKING) {
      source.talk(talk);
      way += 1;
      const asked = await Promise.all([
        gate.ask(TALK(way)),
        gate.ask(TALK(way)),
        gate.ask(TALK(way), {}, { as: 'auditor' }),
        gate.ask(
          `mutation { restFile(id: "${MARKS.personalId}", name: "${MARKS.name}") { id name age year gender } }`,
          {},
          { 'idempotency-key': `${MARKS.idempotencyKey}-${way}` },
        ),
      ]);
      errors.push(...asked.map((answer) => `${talk} ${onlyErrors(answer)}`));
    }
    source.talk('WELL');
    const well = await gate.ask(TALK(1000));
    expect(well.errors).toBeUndefined();

    // The systems of the city, in their own states of health.
    const dossier = gate.city.dossiers.find(({ enterprise }) => enterprise !== null);
    const { code = '', applicant: person } = dossier ?? {};
    applicant = { applicantId: person?.personalId ?? '', applicantName: person?.fullName ?? '' };
    for (const fault of [{}, { status: 500 }, { garbage: true }, { reset: true }]) {
      for (const id of CONNECTORS) gate.simulator(id).faults(fault);
      errors.push(onlyErrors(await gate.ask(PERSON, { code })), onlyErrors(await gate.page()));
    }
    for (const id of CONNECTORS) gate.simulator(id).faults({});
    for (const id of CONNECTORS) await gate.kill(id);
    errors.push(onlyErrors(await gate.ask(PERSON, { code })));
    for (const id of CONNECTORS) await gate.revive(id);
    for (const as of ['nobody', 'citizen', 'operator'])
      errors.push(onlyErrors(await gate.ask(PERSON, { code }, { as })));

    const { operatorsUrl } = gate.report;
    const read = async (path: string): Promise<string> => (await fetch(`${operatorsUrl}${path}`)).text();
    metrics = await read('/metrics');
    status = `${await read('/status')} ${await (await fetch(new URL('/status', url))).text()}`;
    const { data } = await gate.ask(
      `{ connectorHealth { id status message missing causes { cause code } gate { state passes until }
        operations { operation source why trigger lastMappingProblem lastFailures { at code requestId } } transitions { cause } lastProbe { code } } }`,
      {},
      operator,
    );
    health = JSON.stringify(data);

    const written: string[] = [];
    const streams = { write: (line: string) => written.push(line) };
    const file = join(gate.config.dataDir, 'export.jsonl');
    const code0 = await runCommandLine(['audit', 'export', file], {
      terminal: createTerminal({ stdout: streams, stderr: streams }, '1'),
      connectorsDir: '/nonexistent',
      actor: { officer: 'x', agency: 'x' },
      store: { dataDir: gate.config.dataDir },
      issuer: { connectorsDir: '/nonexistent', port: 0, simulatorPorts: {} },
      audit: { auditKey: AUDIT_KEY },
      readEnv: () => undefined,
    });
    expect(code0, written.join('')).toBe(0);
    exported = `${written.join('')}${await readFile(file, 'utf8')}`;
    // The last spans are sent at the end; the store is read afterwards.
    await gate.gateway.close();
  }, 240_000);
  afterAll(async () => {
    await gate?.close();
    await Promise.all([folder?.remove(), source?.close(), collector?.close()]);
  });

  it('the marks · went all the ways', () => {
    const heard = source.heard();
    for (const mark of [
      MARKS.personalId,
      MARKS.sourceToken,
      MARKS.sourceKey,
      MARKS.idempotencyKey,
      encodeURIComponent(MARKS.name),
    ])
      expect(heard).toContain(mark);
    expect(answers.size).toBeGreaterThan(90);
    expect([...answers.values()].filter((text) => text.startsWith('200')).length).toBeGreaterThan(20);
    expect([...answers.values()].filter((text) => /"code":"/.test(text)).length).toBeGreaterThan(50);
    const codes = new Set(errors.join().match(/"code":"[A-Z_]+"/g));
    for (const code of ['FAULT', 'INVALID', 'REFUSED', 'UNREACHABLE', 'TIMEOUT', 'UNAUTHORIZED', 'THROTTLED'])
      expect([...codes]).toContain(`"code":"UPSTREAM_${code}"`);
    expect(gate.log.join('')).toContain('an answer does not fit its mapping');
    expect(reasonRefused.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(reasonRefused.errors?.[0]?.message).toContain('reason');
  });

  it('the log · has no mark', () => {
    expect(gate.log.length).toBeGreaterThan(100);
    expect(gate.log.flatMap((line) => marksIn(line, { ...ALL, ...applicant }))).toEqual([]);
  });

  it.each(['metrics', 'status', 'health', 'traces', 'audit export'] as const)(
    '%s · have no mark',
    (where) => {
      const texts = { metrics, status, health, traces: collector.text(), 'audit export': exported };
      expect(texts[where].length).toBeGreaterThan(1000);
      expect(marksIn(texts[where], { ...ALL, ...applicant })).toEqual([]);
    },
  );

  it('errors · name neither what a source said nor what it was asked', () => {
    expect(errors.length).toBeGreaterThan(50);
    expect(errors.flatMap((text) => marksIn(text, { ...ALL, ...applicant }))).toEqual([]);
  });

  it('answers to wrong requests · repeat no value, only names of the own document', () => {
    const { personalId, ...others } = ALL;
    for (const [sent, text] of answers) expect([sent, marksIn(text, others)]).toEqual([sent, []]);
    const named = /Tra_\d+|"?n\d{12}"?|N\d{12}|@n\d{12}|x-request-id/gi;
    for (const [sent, text] of answers) {
      if (!/200 /.test(text.slice(0, 4)) || text.includes('"errors"'))
        expect([sent, marksIn(text.replaceAll(named, ''), { personalId })]).toEqual([sent, []]);
    }
  });

  it('tables of the store, but those of dossiers · keyed digests alone', async () => {
    const store = await openStore({ dataDir: gate.config.dataDir });
    try {
      const rowsOf = async (sql: string): Promise<string[]> =>
        (
          await store.run<{ readonly json: string }>(
            { name: `canary_${sql.length}_${sql.slice(-12).replaceAll(/\W/g, '_')}`, sql },
            [],
          )
        ).map(({ json }) => json);
      const tables = await rowsOf(
        "select table_name as json from information_schema.tables where table_schema = 'public'",
      );
      const read: string[] = [];
      for (const table of tables) {
        if (OF_THE_CITY.test(table)) continue;
        const rows = await rowsOf(`select to_jsonb(t)::text as json from "${table}" t`);
        read.push(table);
        for (const row of rows) {
          const values = JSON.parse(row);
          // What a repetition of a mutation is answered with.
          if (table === 'mutations') delete values.answer;
          // Free text of an operator for the others.
          if (table === 'gate_settings') delete values.reason;
          expect([table, marksIn(JSON.stringify(values), { ...ALL, ...applicant })]).toEqual([table, []]);
        }
      }
      expect(read).toEqual(expect.arrayContaining(['audit_records', 'gate_settings', 'mutations']));
      const records = await rowsOf('select to_jsonb(t)::text as json from audit_records t');
      const keys = readAuditKeys(
        { dataDir: gate.config.dataDir, simulators: false, auditKey: AUDIT_KEY },
        { readEnv: () => undefined },
      );
      expect(records.join()).toContain(keys.subject(applicant.applicantId ?? ''));
    } finally {
      await store.close();
    }
  });

  it('files of the data folder, but those of the store · have no mark', async () => {
    const files = await filesIn(gate.config.dataDir);
    expect(files).toContain('export.jsonl');
    expect(marksIn(files, { ...ALL, ...applicant })).toEqual([]);
  });
});

const OF_THE_CITY =
  /^(agencies|procedures|procedure_agencies|consents|dossiers|dossier_events|payments|deliveries)$/;

describe('a gateway in a process of its own', { timeout: 240_000 }, () => {
  /** Throws an error that quotes everything, with a cause, when it is signalled. */
  const crashing = (said: string): string => `
    process.on('SIGWINCH', () => {
      const cause = Object.assign(new TypeError(${JSON.stringify(`${said}`)}), { detail: ${JSON.stringify(said)} });
      const error = new Error('a defect: "' + ${JSON.stringify(said)} + '"', { cause });
      Promise.reject(Object.assign(error, { headers: { cookie: ${JSON.stringify(MARKS.cookie)} } }));
    });`;

  it('driven, then ended by an uncaught error · its output, its folder and its temporary files · have no mark', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'canary-'));
    const dataDir = await aDataFolder();
    try {
      const preload = join(temporary, 'preload.mjs');
      const { personalId, name, phone, email, jwt, opaqueToken, sourceText } = MARKS;
      const said = `"${personalId}" ${name} ${phone} ${email} ${jwt} Bearer ${opaqueToken} '${sourceText}'`;
      await writeFile(preload, crashing(said));
      const own = join(temporary, 'tmp');
      await mkdir(own);
      const [port = 0] = await freePorts(1);
      const gateway = aProcess(
        ['--port', String(port), '--data-dir', dataDir, '--close-delay-ms', '0', '--log-level', 'debug'],
        {
          NODE_OPTIONS: `--import ${preload}`,
          TMPDIR: own,
          OPERATOR_TOKEN: MARKS.breakGlass,
        },
      );
      await gateway.ready();
      await sendAll(`http://127.0.0.1:${port}/graphql`, gateway.authorization());
      gateway.kill('SIGWINCH');
      expect(await gateway.exit).not.toBe(0);
      expect(gateway.err()).toContain('uncaught error');
      expect(marksIn(`${gateway.out()}${gateway.err()}`, ALL)).toEqual([]);
      expect(marksIn(`${await filesIn(dataDir)}${await filesIn(own)}`, ALL)).toEqual([]);
    } finally {
      await rm(temporary, { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  it.skipIf(postgres === null)(
    'on a PostgreSQL server that fails while it is driven · its output · has no mark, and no password of the database',
    async () => {
      const place = await (postgres as NonNullable<typeof postgres>).place();
      const url = new URL(place.options.databaseUrl as string);
      // The server of the tests trusts this machine.
      url.password = MARKS.databasePassword;
      const proxy = await aDatabaseProxy(url.href);
      const [port = 0] = await freePorts(1);
      const gateway = aProcess(['--port', String(port), '--close-delay-ms', '0', '--log-level', 'debug'], {
        DATABASE_URL: proxy.url,
      });
      try {
        await gateway.ready();
        const endpoint = `http://127.0.0.1:${port}/graphql`;
        await sendAll(endpoint, gateway.authorization());
        proxy.mode('REFUSE');
        proxy.cut();
        const answers = await sendAll(endpoint, gateway.authorization());
        expect([...answers.values()].join()).toContain('STORE_UNAVAILABLE');
        expect(gateway.err()).toContain('store unavailable');
        const { personalId: _, ...others } = ALL;
        for (const [sent, text] of answers) expect([sent, marksIn(text, others)]).toEqual([sent, []]);
      } finally {
        proxy.mode('PASS');
        gateway.kill('SIGTERM');
        await gateway.exit;
        await proxy.close();
        await place.drop();
      }
      expect(marksIn(`${gateway.out()}${gateway.err()}`, ALL)).toEqual([]);
    },
  );

  it('a start that fails · its output · has no password of the database', async () => {
    const [port = 0] = await freePorts(1);
    const gateway = aProcess(['--port', '0', '--log-level', 'debug'], {
      DATABASE_URL: `postgres://city:${MARKS.databasePassword}@127.0.0.1:${port}/city`,
      OPERATOR_TOKEN: MARKS.breakGlass,
    });
    expect(await gateway.exit).toBe(1);
    expect(gateway.err()).toContain('cannot be reached');
    expect(marksIn(`${gateway.out()}${gateway.err()}`, ALL)).toEqual([]);
  });
});

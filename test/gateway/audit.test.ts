// The audit trail of a whole gateway: every access to the data of a person has its record, also under faults and after kill -9; who reads
// the trail, and what a person learns from it.

import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuditKeys } from '../../src/audit/open-audit.ts';
import { connectToAudit } from '../../src/audit/socket.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { pageQuery } from '../../src/http/page-query.ts';
import { aDataFolder } from './a-data-folder.ts';
import { aGateway, type TestGateway } from './a-gateway.ts';
import { aProcess } from './a-process.ts';
import { AUDIT_KEY } from './an-environment.ts';
import { freePorts } from './free-ports.ts';

const TRAIL = `query Trail($filter: AuditFilter, $first: Int, $after: String) {
  auditTrail(filter: $filter, first: $first, after: $after) {
    edges { cursor node { kind actorKind actor agency subject fields dossier procedure system operation outcome messageId sentDigest
      receivedDigest requestIn requestOut responseIn responseOut requestId } }
    pageInfo { hasNextPage endCursor }
  } }`;

// biome-ignore lint/suspicious/noExplicitAny: the shape is what each test asserts.
type Node = any;

describe('a gateway with simulators', () => {
  let gate: TestGateway;
  beforeAll(async () => {
    gate = await aGateway({ env: { OPERATOR_TOKEN: 'a-break-glass-token-of-the-tests' } });
  }, 120_000);
  afterAll(() => gate?.close());

  /** All records that match, as an auditor reads them. */
  const trail = async (filter: object = {}): Promise<Node[]> => {
    const nodes: Node[] = [];
    let after: string | null = null;
    do {
      const { data, errors } = await gate.ask(TRAIL, { filter, first: 100, after }, { as: 'auditor' });
      expect(errors).toBeUndefined();
      nodes.push(...data.auditTrail.edges.map((edge: Node) => edge.node));
      after = data.auditTrail.pageInfo.hasNextPage ? data.auditTrail.pageInfo.endCursor : null;
    } while (after !== null);
    return nodes;
  };

  it('personal fields · left out by conditions · then no record says that they were read', async () => {
    const requestId = randomUUID();
    const code = gate.city.dossiers[0]?.code;
    const query = `query ($no: Boolean = false) { dossier(code: "${code}") { code
      applicant { personalId @include(if: $no) declared @skip(if: true) { fullName } fullName @include(if: $no) } } }`;
    const { data } = await gate.ask(query, {}, { 'x-request-id': requestId });
    expect(data.dossier).toEqual({ code, applicant: {} });
    expect((await trail()).filter((node) => node.requestId === requestId)).toEqual([]);
  });

  it('a page · requested · one record per person and system, and one per call of the population database', async () => {
    gate.resetCalls();
    const requestId = randomUUID();
    const { data, errors } = await gate.ask(pageQuery, {}, { 'x-request-id': requestId });
    expect(errors).toBeUndefined();
    const people = data.dossiers.edges.map((edge: Node) => edge.node.applicant.personalId);
    const records = (await trail()).filter((node) => node.requestId === requestId);
    const of = (system: string): Node[] => records.filter((node) => node.system === system);
    expect(of('store')).toHaveLength(people.length);
    expect(of('population').filter(({ sentDigest }) => sentDigest !== null)).toHaveLength(
      gate.dataCalls('population'),
    );
    expect(new Set(of('population').map(({ messageId }) => messageId)).size).toBe(of('population').length);
    for (const node of of('population')) {
      expect(node).toMatchObject({ kind: 'ACCESS', actorKind: 'officer', actor: 'CB0001', outcome: 'OK' });
      expect(node.fields).toContain('Citizen.fullName');
      expect(node.receivedDigest).toMatch(/^[\w-]{43}$/);
      const times = [node.requestIn, node.requestOut, node.responseIn, node.responseOut].map(Date.parse);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
    // Whose: a digest, and no number.
    expect(JSON.stringify(records)).not.toMatch(new RegExp(people.join('|')));
    const [first] = await trail({ personalId: people[0], system: 'population' });
    expect(first.dossier).toBe(data.dossiers.edges[0].node.code);
  });

  it('a source that is gone · asked · the failed look-ups are recorded', async () => {
    await gate.kill('population');
    const requestId = randomUUID();
    await gate.ask(pageQuery, {}, { 'x-request-id': requestId });
    await gate.revive('population');
    const failed = (await trail({ system: 'population' })).filter((node) => node.requestId === requestId);
    expect(failed.length).toBeGreaterThan(0);
    for (const { outcome } of failed) expect(['UPSTREAM_UNREACHABLE', 'CIRCUIT_OPEN']).toContain(outcome);
  });

  it('no personal field · selected · nothing is recorded', async () => {
    const requestId = randomUUID();
    await gate.ask('{ dossiers(first: 5) { edges { node { code } } } }', {}, { 'x-request-id': requestId });
    expect((await trail()).filter((node) => node.requestId === requestId)).toEqual([]);
  });

  it('an action of an operator, and the break-glass token · used · recorded', async () => {
    await gate.ask('mutation { probeConnector(connector: "postal") { reachable } }', {}, { as: 'operator' });
    await gate.ask(
      '{ connectorHealth { id } }',
      {},
      { authorization: 'Bearer a-break-glass-token-of-the-tests' },
    );
    const actions = (await trail()).filter(({ kind }) => kind === 'ACTION');
    expect(actions).toContainEqual(
      expect.objectContaining({
        operation: 'probeConnector',
        system: 'postal',
        outcome: 'OK',
        actorKind: 'staff',
      }),
    );
    expect(actions).toContainEqual(
      expect.objectContaining({ operation: 'break-glass', actorKind: 'break-glass' }),
    );
    const { data } = await gate.ask(
      '{ auditAnomalies { officers { officer } breakGlass { actor } } }',
      {},
      { as: 'auditor' },
    );
    expect(data.auditAnomalies.breakGlass.length).toBeGreaterThan(0);
  });

  it('a citizen · asks who read the own data · the officer, the dossier and the fields in plain words', async () => {
    const own = await gate.ask(
      '{ dossiers(first: 1) { edges { node { code applicant { personalId } } } } }',
      {},
      { as: 'citizen' },
    );
    const { code } = own.data.dossiers.edges[0].node;
    await gate.ask(
      'query($code: DossierCode!) { dossier(code: $code) { applicant { fullName birthDate { year } } } }',
      { code },
    );
    const usage = `{ myDataUsage(first: 50) { edges { node { at summary who isSelf dossier procedureName system fields outcome } } } }`;
    const en = await gate.ask(usage, {}, { as: 'citizen' });
    expect(en.errors).toBeUndefined();
    const nodes: Node[] = en.data.myDataUsage.edges.map((edge: Node) => edge.node);
    expect(nodes).toContainEqual(expect.objectContaining({ who: 'You', isSelf: true }));
    const officer = nodes.find((node) => !node.isSelf && node.dossier === code);
    expect(officer).toMatchObject({
      system: 'National population database',
      fields: ['full name', 'birth date'],
    });
    expect(officer.who).toMatch(/^Officer CB0001 of /);
    expect(officer.summary).toContain(`for dossier ${code}`);
    const vi = await gate.ask(usage, {}, { as: 'citizen', 'accept-language': 'vi' });
    expect(JSON.stringify(vi.data)).toContain('họ và tên');
    expect(JSON.stringify(vi.data)).toContain('Chính bạn');
  });

  it.each(['officer', 'citizen', 'operator', 'nobody'])('%s · asks for the trail · refused', async (as) => {
    const { data, errors } = await gate.ask(TRAIL, {}, { as });
    expect(data?.auditTrail ?? null).toBeNull();
    expect(['FORBIDDEN', 'UNAUTHENTICATED']).toContain(errors?.[0]?.extensions.code);
  });

  it('an officer · asks for the usage of the own data · refused, as for whoever is no citizen', async () => {
    const { errors } = await gate.ask('{ myDataUsage { edges { cursor } } }');
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('the command line · verifies and exports through the socket of the running gateway', async () => {
    const written: string[] = [];
    const streams = { write: (text: string) => written.push(text) };
    const run = (...argv: string[]) =>
      runCommandLine(argv, {
        terminal: createTerminal({ stdout: streams, stderr: streams }, '1'),
        connectorsDir: '/nonexistent',
        actor: { officer: 'x', agency: 'x' },
        store: { dataDir: gate.config.dataDir },
        issuer: { connectorsDir: '/nonexistent', port: 0, simulatorPorts: {} },
        audit: { auditKey: AUDIT_KEY },
        readEnv: () => undefined,
      });
    await trail();
    expect(await run('audit', 'verify'), written.join('')).toBe(0);
    expect(written.join('')).toContain('The trail is as it was written.');
    const file = join(gate.config.dataDir, 'export.jsonl');
    expect(await run('audit', 'export', file, '--officer', 'CB0001'), written.join('')).toBe(0);
    const lines = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1).end.records).toBe(lines.filter((line) => line.record !== undefined).length);
    expect(await run('audit', 'retention'), written.join('')).toBe(0);
    expect(await run('audit', 'retention', '--keep', '3')).toBe(2);
    expect(await run('audit', 'verify', '--from', '2026-02-30')).toBe(2);
  });
});

describe('kill -9 in the middle of load', () => {
  it('every answer with personal data that a client received · has its records after the next start', async () => {
    const dataDir = await aDataFolder();
    const [port = 0] = await freePorts(1);
    const args = ['--port', String(port), '--data-dir', dataDir, '--close-delay-ms', '0'];
    try {
      const first = aProcess(args);
      await first.ready();
      const token = /Bearer ([\w.-]+)/.exec(first.out())?.[1] ?? '';
      const received = new Map<string, number>();
      let isOver = false;
      const client = async (): Promise<void> => {
        while (!isOver) {
          const requestId = randomUUID();
          try {
            const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                authorization: `Bearer ${token}`,
                'x-request-id': requestId,
              },
              body: JSON.stringify({ query: pageQuery }),
            });
            const { data } = JSON.parse(await answer.text()) as Node;
            if (data?.dossiers != null) received.set(requestId, data.dossiers.edges.length);
            if (received.size === 25) first.kill('SIGKILL');
          } catch {
            return;
          }
        }
      };
      await Promise.all(Array.from({ length: 8 }, client));
      isOver = true;
      await first.exit;
      expect(received.size).toBeGreaterThanOrEqual(25);

      const second = aProcess(args);
      await second.ready();
      const connection = await connectToAudit(dataDir);
      if (connection === undefined) throw new Error('no gateway listens');
      const keys = readAuditKeys(
        { dataDir, simulators: false, auditKey: AUDIT_KEY },
        { readEnv: () => undefined },
      );
      const byRequest = new Map<string, { store: number; population: number }>();
      const verified = await verifyTrail(connection.query, keys, undefined, (rows) => {
        for (const row of rows) {
          const counts = byRequest.get(String(row[4])) ?? { store: 0, population: 0 };
          if (row[15] === 'store') counts.store += 1;
          if (row[15] === 'population') counts.population += 1;
          byRequest.set(String(row[4]), counts);
        }
      });
      expect(verified.findings).toEqual([]);
      for (const [requestId, people] of received)
        expect(byRequest.get(requestId)).toEqual({ store: people, population: people });
      connection.close();
      second.kill('SIGINT');
      await second.exit;
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 240_000);
});

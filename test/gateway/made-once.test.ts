// Mutations with an idempotency key through whole gateways: processes on one PostgreSQL, a source that does not recognise
// repetitions, and a client that sends its key in a header.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgres, type StorePlace } from '../store/each-store.ts';
import { aProcess, type GatewayProcess } from './a-process.ts';
import { anAccessFile, type TestAccessFile } from './an-access-file.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';

const MANIFEST = (url: string) => `
id: cashier
title: { vi: Thu ngân, en: Cashier }
owner: { agency: Sở Tài chính, contact: a@b.example }
source: { baseUrl: "${url}" }
limits: { attemptTimeoutMs: 30000 }
operations:
  pay: { idempotencyKey: Idempotency-Key, sourceRecognisesKey: false }
`;
const SCHEMA = (url: string) => `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "api", http: { baseURL: "${url}" })
type Mutation {
  pay(amount: Int): String
    @connect(
      id: "pay"
      source: "api"
      http: { POST: "/pay", headers: [{ name: "Idempotency-Key", from: "Idempotency-Key" }], body: "amount: $args.amount" }
      selection: "$.receipt"
    )
}
`;

interface Answer {
  readonly data?: { readonly pay: string | null };
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

describe.skipIf(postgres === null)('two gateways on one PostgreSQL', { timeout: 120_000 }, () => {
  let access: TestAccessFile;
  let place: StorePlace;
  let folder: string;
  let source: Server;
  let received = 0;
  /** Answers of the source wait for it. */
  let mayAnswer: Promise<void>;
  let letAnswer: () => void;
  const gateways: { readonly process: GatewayProcess; readonly url: string }[] = [];

  const start = async (): Promise<void> => {
    const [port] = await freePorts(1);
    const args = [
      '--port',
      String(port),
      '--no-simulators',
      '--close-delay-ms',
      '0',
      '--connectors-dir',
      folder,
    ];
    const process = aProcess(args, {
      DATABASE_URL: place.options.databaseUrl as string,
      ...access.env,
    });
    gateways.push({ process, url: `http://127.0.0.1:${port}/graphql` });
    await process.ready();
  };
  const pay = async (gateway: number, key: string, amount = 5): Promise<string | null | undefined> => {
    const response = await fetch(gateways[gateway]?.url as string, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        authorization: access.officer,
      },
      body: JSON.stringify({ query: `mutation { pay(amount: ${amount}) }` }),
    });
    const { data, errors } = (await response.json()) as Answer;
    return errors?.[0]?.extensions.code ?? data?.pay;
  };

  beforeAll(async () => {
    source = createServer((request, response) => {
      request.resume().on('end', async () => {
        received++;
        const receipt = `no. ${received}`;
        await mayAnswer;
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ receipt }));
      });
    });
    await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
    folder = await mkdtemp(join(tmpdir(), 'connectors-'));
    await mkdir(join(folder, 'cashier'));
    await writeFile(join(folder, 'cashier', 'connector.yaml'), MANIFEST(url));
    await writeFile(join(folder, 'cashier', 'schema.graphql'), SCHEMA(url));
    access = await anAccessFile();
    place = await (postgres as NonNullable<typeof postgres>).place();
    await start();
    await start();
  }, 120_000);
  afterAll(async () => {
    letAnswer();
    for (const { process } of gateways) process.kill('SIGKILL');
    await Promise.all(gateways.map(({ process }) => process.exit));
    source?.closeAllConnections();
    source?.close();
    await place?.drop();
    await access?.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);
  beforeEach(() => {
    received = 0;
    mayAnswer = new Promise((resolve) => {
      letAnswer = resolve;
    });
  });

  it('20 at once with one key · then one request, one answer; another body is refused', async () => {
    const all = Promise.all(Array.from({ length: 20 }, (_, index) => pay(index % 2, 'key-1')));
    await eventually(() => received > 0, 'a request at the source');
    letAnswer();
    expect(new Set(await all)).toEqual(new Set(['no. 1']));
    expect(received).toBe(1);
    expect(await pay(0, 'key-1', 6)).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await pay(1, 'key-1', 6)).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await pay(1, 'key-2', 6)).toBe('no. 2');
  });

  it('killed before the answer · then the other never sends it again, and reports that its outcome is unknown', async () => {
    const lost = pay(0, 'key-3').catch(() => 'connection lost');
    await eventually(() => received > 0, 'a request at the source');
    gateways[0]?.process.kill('SIGKILL');
    expect(await lost).toBe('connection lost');
    letAnswer();
    const told = await eventually(
      async () => {
        const code = await pay(1, 'key-3');
        return code === 'DEADLINE_EXCEEDED' ? null : code;
      },
      'the end of the claim',
      60_000,
    );
    expect(told).toBe('OUTCOME_UNKNOWN');
    expect(received).toBe(1);
  });
});

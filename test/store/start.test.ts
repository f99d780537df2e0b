// What can be wrong when the store is opened: each is one clear sentence, and nothing is left behind.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCity } from '../../src/city/city.ts';
import { seedIfEmpty } from '../../src/city/seed.ts';
import { openStore } from '../../src/store/database.ts';
import { lockFolder } from '../../src/store/folder-lock.ts';
import { StoreStartError } from '../../src/store/start-error.ts';
import { compileStatement, parameter } from '../../src/store/statement.ts';
import { causeCode, storeError } from '../../src/store/store-error.ts';
import { aFolder, postgres } from './each-store.ts';

const LOCK = 'gateway.lock';

let folder: ReturnType<typeof aFolder>;
beforeEach(() => {
  folder = aFolder();
});
afterEach(() => folder.drop());

async function failureOf(opening: Promise<unknown>): Promise<StoreStartError> {
  try {
    await opening;
  } catch (error) {
    if (error instanceof StoreStartError) return error;
    throw error;
  }
  throw new Error('the store was opened');
}

/** A second process that takes the lock of the folder and says what came of it. */
async function aProcess(path: string) {
  const script = `
    import { lockFolder } from ${JSON.stringify(new URL('../../src/store/folder-lock.ts', import.meta.url).href)};
    try { globalThis.lock = lockFolder(${JSON.stringify(path)}); console.log('locked'); setInterval(() => {}, 1000); }
    catch (error) { console.log(error.message); }
    process.on('SIGTERM', () => { globalThis.lock.release(); process.exit(); });`;
  // The Node that runs the tests runs TypeScript by itself.
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
    child.once('error', reject);
  });
  return {
    pid: child.pid as number,
    said,
    end: (signal: NodeJS.Signals) =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill(signal);
      }),
  };
}

describe('the lock of a data folder', () => {
  test('a folder · locked twice in one process · then the second is refused', () => {
    const lock = lockFolder(folder.path);
    expect(() => lockFolder(folder.path)).toThrow(`in use by process ${process.pid}, running since `);
    lock.release();
    lock.release();
    expect(readdirSync(folder.path)).toEqual([]);
    lockFolder(folder.path).release();
  });

  test('a second process on it · then refused, with pid and time and the way out', async () => {
    const other = await aProcess(folder.path);
    expect(other.said).toBe('locked');
    const failure = await failureOf(openStore({ dataDir: folder.path }));
    expect(failure.message).toMatch(
      new RegExp(
        `is in use by process ${other.pid}, running since \\d+ \\w+ \\d{4}, \\d\\d:\\d\\d \\(Vietnam time\\): stop that process, or set DATA_DIR`,
      ),
    );
    await other.end('SIGTERM');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('a process that was killed · then its lock is taken over', async () => {
    const other = await aProcess(folder.path);
    await other.end('SIGKILL');
    expect(readdirSync(folder.path)).toEqual([LOCK]);
    const lock = lockFolder(folder.path);
    expect(JSON.parse(readFileSync(join(folder.path, LOCK), 'utf8')).pid).toBe(process.pid);
    lock.release();
  });

  test('a running process with the pid of a dead one · then the lock is taken over', () => {
    const holder = {
      pid: process.ppid,
      since: '2026-01-01T00:00:00.000Z',
      host: hostname(),
      identity: 'boot/ns/1',
    };
    writeFileSync(join(folder.path, LOCK), JSON.stringify(holder));
    lockFolder(folder.path).release();
  });

  test('a running process of unknown identity · then refused', () => {
    const holder = { pid: process.ppid, since: '2026-01-01T00:00:00.000Z', host: hostname(), identity: null };
    writeFileSync(join(folder.path, LOCK), JSON.stringify(holder));
    expect(() => lockFolder(folder.path)).toThrow(
      `process ${process.ppid}, running since 1 January 2026, 07:00 (Vietnam time): `,
    );
  });

  test('a copy of a folder in use · then refused, with the way to a backup', () => {
    const lock = lockFolder(folder.path);
    const copy = `${folder.path}-copy`;
    cpSync(folder.path, copy, { recursive: true });
    lock.release();
    try {
      expect(() => lockFolder(copy)).toThrow(
        /is a copy of a folder that a gateway was using.+store backup.+remove /,
      );
      rmSync(`${copy}/${LOCK}`);
      lockFolder(copy).release();
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  test('a lock without a valid time · then refused, without a time', () => {
    const holder = { pid: process.ppid, since: 'yesterday', host: hostname(), identity: null };
    writeFileSync(join(folder.path, LOCK), JSON.stringify(holder));
    expect(() => lockFolder(folder.path)).toThrow(`is in use by process ${process.ppid}: stop that process`);
  });

  test('a lock of another machine · then refused, because its state is unknown', () => {
    const holder = { pid: 1, since: '2026-01-01T00:00:00.000Z', host: 'elsewhere', identity: null };
    writeFileSync(join(folder.path, LOCK), JSON.stringify(holder));
    expect(() => lockFolder(folder.path)).toThrow(/process 1 on elsewhere, .+ if it no longer runs, remove /);
  });

  test('a lock that cannot be read · then refused with the way out', () => {
    writeFileSync(join(folder.path, LOCK), '{');
    expect(() => lockFolder(folder.path)).toThrow('has a lock file that cannot be read');
  });

  test('a crash during a takeover · then a later start succeeds', () => {
    const holder = { pid: 2 ** 22 + 1, since: '2026-01-01T00:00:00.000Z', host: hostname(), identity: null };
    writeFileSync(join(folder.path, LOCK), JSON.stringify(holder));
    const marker = join(folder.path, `${LOCK}.takeover`);
    mkdirSync(marker);
    expect(() => lockFolder(folder.path)).toThrow('another gateway is starting');
    utimesSync(marker, new Date(0), new Date(0));
    lockFolder(folder.path).release();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('many processes and one dead lock · then exactly one takes it', async () => {
    const holder = { pid: 2 ** 22 + 1, since: '2026-01-01T00:00:00.000Z', host: hostname(), identity: null };
    writeFileSync(join(folder.path, LOCK), JSON.stringify(holder));
    const others = await Promise.all(Array.from({ length: 5 }, () => aProcess(folder.path)));
    expect(others.filter(({ said }) => said === 'locked')).toHaveLength(1);
    await Promise.all(others.map(({ end }) => end('SIGTERM')));
  });

  test('a lock that has a new holder · released by the former holder · then it stays', () => {
    const lock = lockFolder(folder.path);
    writeFileSync(join(folder.path, LOCK), 'of another');
    lock.release();
    expect(readFileSync(join(folder.path, LOCK), 'utf8')).toBe('of another');
  });
});

describe('an unusable data folder', () => {
  test('a file in its place · then the error names it', async () => {
    const path = join(folder.path, 'data');
    writeFileSync(path, '');
    expect((await failureOf(openStore({ dataDir: path }))).message).toBe(
      `The data folder ${path} is not a folder (EEXIST): set DATA_DIR to a writable folder.`,
    );
  });

  test('a folder below a file · then the error names it', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    const failure = await failureOf(openStore({ dataDir: join(folder.path, 'file', 'data') }));
    expect(failure.message).toContain('is not a folder (ENOTDIR)');
  });

  test('a name that is too long · then the error names it', async () => {
    const failure = await failureOf(openStore({ dataDir: join(folder.path, 'a'.repeat(300)) }));
    expect(failure.message).toMatch(
      /cannot be created \(ENAMETOOLONG\): set DATA_DIR to a writable folder\.$/,
    );
  });

  // Node's recursive mkdir never returns here.
  test.skipIf(process.platform === 'win32')(
    'a missing folder · created · then for its owner only',
    async () => {
      const dataDir = join(folder.path, 'new', 'data');
      const store = await openStore({ dataDir });
      await store.close();
      for (const path of [join(folder.path, 'new'), dataDir, join(dataDir, 'store')])
        expect(statSync(path).mode & 0o077).toBe(0);
    },
  );

  test.runIf(existsSync('/proc/self'))('below a folder that refuses new ones · then it says so', async () => {
    const failure = await failureOf(openStore({ dataDir: '/proc/lienthong/data' }));
    expect(failure.message).toBe(
      'The data folder /proc/lienthong/data cannot be created (ENOENT): set DATA_DIR to a writable folder.',
    );
  });

  test('other files in it · then an error, the files stay, and the lock is released', async () => {
    const store = join(folder.path, 'store');
    mkdirSync(store);
    writeFileSync(join(store, 'PG_VERSION'), '9.6\n');
    const failure = await failureOf(openStore({ dataDir: folder.path }));
    expect(failure.message).toMatch(/^The store in .+ cannot be opened .+ Move that folder away/);
    expect(readdirSync(folder.path)).toEqual(['store']);
    rmSync(store, { recursive: true });
  });
});

describe('a database that cannot be used', () => {
  const dataDir = '/nonexistent/never-touched';

  test.each(['mysql://127.0.0.1/x', 'localhost:5432', '/var/run/x', 'not a url'])(
    'the URL %s · then an error with what is expected',
    async (databaseUrl) => {
      const failure = await failureOf(openStore({ databaseUrl, dataDir }));
      expect(failure.message).toContain('expected postgres://user:password@host:5432/name');
    },
  );

  test('a closed port · then unreachable, without the password', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const failure = await failureOf(
      openStore({ databaseUrl: `postgres://u:geheim@127.0.0.1:${port}/city`, dataDir }),
    );
    expect(failure.message).toBe(
      `The database 127.0.0.1:${port}/city cannot be reached (ECONNREFUSED): start it, or correct DATABASE_URL.`,
    );
  });

  test('a host that does not exist · then it cannot be found', async () => {
    const failure = await failureOf(
      openStore({ databaseUrl: 'postgres://u@does-not-exist.invalid/city', dataDir }),
    );
    expect(failure.message).toMatch(/^The database does-not-exist.invalid:5432\/city cannot be found \(E/);
  });

  test.each([
    ['28P01', 'refused the user or the password'],
    ['3D000', 'does not exist on that server'],
    ['53300', 'has no free connection (53300)'],
    ['57P03', 'is starting up or shutting down'],
  ])('a server that answers %s · then %s', async (code, expected) => {
    // The first bytes of a connection, answered by hand: an ErrorResponse with severity, code and message.
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once('data', () => {
        const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0Mpassword geheim of user u\0\0`);
        const head = Buffer.alloc(5);
        head.write('E');
        head.writeInt32BE(fields.length + 4, 1);
        socket.end(Buffer.concat([head, fields]));
      });
      socket.on('error', () => {});
    });
    const port = await listen(server);
    const failure = await failureOf(
      openStore({ databaseUrl: `postgres://u:geheim@127.0.0.1:${port}/city`, dataDir }),
    );
    expect(failure.message).toContain(expected);
    expect(failure.message).not.toContain('geheim');
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });

describe.runIf(postgres !== null)('two replicas on one PostgreSQL', () => {
  test('two starts on an empty database · then both run, and the city is stored once', async () => {
    const place = await (postgres as NonNullable<typeof postgres>).place();
    const city = createCity({ anchor: '2026-11-20', dossiers: 200 });
    const stores = await Promise.all([
      openStore(place.options),
      openStore(place.options),
      openStore(place.options),
    ]);
    const results = await Promise.all(stores.map((store) => seedIfEmpty(store, city)));
    expect(results.map(({ seeded }) => seeded).sort()).toEqual([false, false, true]);
    expect(new Set(results.map(({ anchor }) => anchor))).toEqual(new Set(['2026-11-20']));
    const { rows } = await sql<{ n: number }>`select count(*)::integer as n from dossiers`.execute(
      (stores[0] as (typeof stores)[number]).db,
    );
    expect(rows[0]?.n).toBe(200);
    await Promise.all(stores.map((store) => store.close()));
    await place.drop();
  });

  test('options in the URL · then they apply, and times stay in UTC', async () => {
    const place = await (postgres as NonNullable<typeof postgres>).place();
    const url = new URL(place.options.databaseUrl ?? '');
    url.searchParams.set('options', '-c TimeZone=Asia/Ho_Chi_Minh -c work_mem=5MB');
    const store = await openStore({ ...place.options, databaseUrl: url.href });
    const { rows } = await sql<{ at: string; memory: string }>`
      select '2026-06-09 08:30:00+07'::timestamptz as at, current_setting('work_mem') as memory`.execute(
      store.db,
    );
    expect(rows).toEqual([{ at: '2026-06-09T01:30:00Z', memory: '5MB' }]);
    await store.close();
    await place.drop();
  });

  test('a store of a newer version · then an error that states it', async () => {
    const place = await (postgres as NonNullable<typeof postgres>).place();
    const store = await openStore(place.options);
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')`.execute(
      store.db,
    );
    await store.close();
    expect((await failureOf(openStore(place.options))).message).toContain(
      'made by another version of the gateway',
    );
    await place.drop();
  });

  test('a stopped server · a statement run · then STORE_UNAVAILABLE, until it runs again', async () => {
    const place = await (postgres as NonNullable<typeof postgres>).place();
    const store = await openStore(place.options);
    const statement = compileStatement(
      'test_sleep',
      store.db.selectNoFrom([
        sql<number>`pg_backend_pid()`.as('n'),
        sql<number>`${parameter(1)}::integer`.as('x'),
        sql<string>`pg_sleep(${parameter(2)}::float8)::text`.as('slept'),
      ]),
    );
    const slow = store.run(statement, [1, 20]);
    const outcome = expect(slow).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: 'store: 57P01 in test_sleep',
    });
    await expect
      .poll(async () => {
        const { rows } = await sql<{ ok: boolean }>`
          select pg_terminate_backend(pid) as ok from pg_stat_activity
          where datname = current_database() and query like '%pg_sleep%' and pid <> pg_backend_pid()`.execute(
          store.db,
        );
        return rows.length;
      })
      .toBeGreaterThan(0);
    await outcome;
    expect(await store.run(statement, [7, 0])).toMatchObject([{ x: 7 }]);
    await store.close();
    await expect(store.run(statement, [1, 0])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await place.drop();
  });
});

describe('errors of a driver', () => {
  test.each([
    ['57P01', 'STORE_UNAVAILABLE'],
    ['08006', 'STORE_UNAVAILABLE'],
    ['53300', 'STORE_UNAVAILABLE'],
    ['57014', 'STORE_UNAVAILABLE'],
    ['ECONNREFUSED', 'STORE_UNAVAILABLE'],
    ['EPIPE', 'STORE_UNAVAILABLE'],
    ['42P01', 'INTERNAL_SERVER_ERROR'],
    ['22P02', 'INTERNAL_SERVER_ERROR'],
    ['23505', 'INTERNAL_SERVER_ERROR'],
  ])('%s · converted · then %s, without the text of the database', (code, expected) => {
    const error = storeError(
      Object.assign(new Error('Key (applicant_id)=(001092000001)'), { code }),
      'lt_page',
    );
    expect(error.code).toBe(expected);
    expect(error.message).toBe(`store: ${code} in lt_page`);
    expect(error.cause).toBeUndefined();
  });

  test('an error for each address · its code read · then that of the first', () => {
    expect(causeCode(new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]))).toBe(
      'ECONNREFUSED',
    );
    expect(causeCode(undefined)).toBe('UNKNOWN');
    expect(storeError(new Error('timeout exceeded when trying to connect'), 'x').code).toBe(
      'STORE_UNAVAILABLE',
    );
  });

  test('a statement whose parameters are out of order · compiled · then refused', () => {
    const query = (...positions: number[]) => ({
      compile: () => ({ sql: '', parameters: positions.map((position) => ({ position })) }) as never,
    });
    expect(() => compileStatement('a', query(1, 2))).not.toThrow();
    expect(() => compileStatement('b', query(2, 1))).toThrow('Statement b');
    expect(() => compileStatement('c', query(1, 1))).toThrow('Statement c');
  });
});

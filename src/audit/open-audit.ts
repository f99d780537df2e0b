// Opens the audit trail of a gateway: its keys, its spool in the data folder, shipping, the daily roots, and the requests' view of it.

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isGatewayError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { compileReferences, type ReferenceSources, SecretReferenceError } from '../references.ts';
import type { Store } from '../store/database.ts';
import type { Statement } from '../store/statement.ts';
import { marker } from './chain.ts';
import { type AuditKeys, createAuditKeys, SHORTEST_KEY } from './keys.ts';
import { createPersonWatch } from './person-watch.ts';
import { createRequestAudit, type RequestAuditOf } from './request-audit.ts';
import { type AuditResolverParts, createAuditResolvers } from './resolvers.ts';
import { digestOfRoot, readRoots, sealDays } from './roots.ts';
import { createShipping, takeSpoolFolder } from './shipping.ts';
import { serveAuditSocket } from './socket.ts';
import { createSpool } from './spool.ts';
import { AUDIT_SQL, type AuditQuery, type AuditStatementName } from './statements.ts';
import { createTrail, type Trail } from './trail.ts';

export interface AuditSettings {
  readonly dataDir: string;
  readonly simulators: boolean;
  readonly auditKey?: string | undefined;
  readonly auditSigningKey?: string | undefined;
  readonly auditSpoolBytes: number;
  readonly auditSync: boolean;
}

export interface AuditParts {
  readonly settings: AuditSettings;
  readonly references: ReferenceSources;
  readonly store: Store;
  /** Id of this process among the gateways of the store: the name of its chains. */
  readonly replica: string;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'readAudit'>;
}

export interface Audit {
  readonly keys: AuditKeys;
  readonly query: AuditQuery;
  /** The resolvers of schema/audit.graphql. @param titleOf the title of a connector in both languages */
  resolversWith(titleOf: AuditResolverParts['titleOf']): ReturnType<typeof createAuditResolvers>;
  /** The view of one request. */
  readonly ofRequest: RequestAuditOf;
  /** Ships what is written, so that queries find it. @throws GatewayError STORE_UNAVAILABLE */
  ship(): Promise<void>;
  /** Seals the days that have ended. @throws GatewayError STORE_UNAVAILABLE */
  seal(now?: number): Promise<void>;
  close(): Promise<void>;
}

const SEAL_EVERY_MS = 60_000;

/** @throws SecretReferenceError when there is no usable key; StoreStartError when the spool's folder is in use */
export async function openAudit(parts: AuditParts): Promise<Audit> {
  const { settings, references, store, replica, log } = parts;
  const keys = readAuditKeys(settings, references);
  const query = queryOf(store);
  const folder = join(settings.dataDir, 'audit', 'spool');
  const own = join(folder, replica);
  const lock = takeSpoolFolder(own);
  const spool = createSpool(own, keys, { syncEach: settings.auditSync });
  const shipping = createShipping({ query, spool, keys, folder, own, log });

  let newestRoot: string | null = null;
  let trail: Trail | undefined;
  const seal = async (now = Date.now()): Promise<void> => {
    for (const { day, number } of await sealDays(query, keys, now))
      log.info({ day, number }, 'audit day sealed');
    const last = (await readRoots(query)).at(-1);
    const newest = last === undefined ? null : digestOfRoot(last);
    if (newest === newestRoot) return;
    newestRoot = newest;
    // The chain of today proves the root: without it the last sealed day could be removed as a whole.
    if (trail !== undefined) await trail.add([marker('sealed', now, newest)]);
  };
  const sealing = (): Promise<void> =>
    seal().catch((error: unknown) => {
      log.warn({ code: isGatewayError(error) ? error.code : 'UNKNOWN' }, 'audit days could not be sealed');
    });
  await sealing();
  const timer = setInterval(sealing, SEAL_EVERY_MS).unref();

  const opened = createTrail({
    chain: replica,
    spool,
    log,
    maxSpoolBytes: settings.auditSpoolBytes,
    newestRoot: () => newestRoot,
    lagMs: shipping.lagMs,
  });
  trail = opened;
  const watch = createPersonWatch(log);
  parts.metrics.readAudit(() => ({ ...opened.figures(), personAlarms: watch.alarms() }));
  const stopSocket = await serveAuditSocket(settings.dataDir, query).catch(() => undefined);
  return {
    keys,
    query,
    resolversWith: (titleOf) => createAuditResolvers({ store, keys, ship: shipping.ship, titleOf }),
    ofRequest: createRequestAudit(opened, keys, watch),
    ship: shipping.ship,
    seal,
    close: async () => {
      clearInterval(timer);
      stopSocket?.();
      await opened.close();
      await shipping.close();
      lock.release();
      // What could not be shipped is shipped by the next start on this data folder.
      if (spool.bytes() === 0) rmSync(own, { recursive: true, force: true });
    },
  };
}

const STATEMENTS = Object.fromEntries(
  Object.entries(AUDIT_SQL).map(([name, sql]) => [name, { name: `lt_audit_${name}`, sql }]),
) as unknown as Record<AuditStatementName, Statement<{ readonly json: string | null }>>;

export const queryOf =
  (store: Pick<Store, 'run'>): AuditQuery =>
  async (name, params) => {
    const [row] = await store.run(
      STATEMENTS[name],
      params.map((value) => (value === null ? null : String(value))),
    );
    return row?.json ?? null;
  };

/**
 * The keys by the settings; in a start with simulators and without a setting a key that is made once in the data folder.
 * @throws SecretReferenceError with one sentence for the person who starts the gateway
 */
export function readAuditKeys(
  settings: Pick<AuditSettings, 'dataDir' | 'simulators' | 'auditKey' | 'auditSigningKey'>,
  references: ReferenceSources,
): AuditKeys {
  const { auditKey, auditSigningKey } = settings;
  const secret =
    auditKey === undefined ? developmentKey(settings) : resolve('AUDIT_KEY', auditKey, references);
  if (secret.length < SHORTEST_KEY) {
    throw new SecretReferenceError(
      `AUDIT_KEY: found ${secret.length} characters, expected at least ${SHORTEST_KEY}. Make one with: openssl rand -base64 32`,
    );
  }
  const pem =
    auditSigningKey === undefined ? undefined : resolve('AUDIT_SIGNING_KEY', auditSigningKey, references);
  try {
    return createAuditKeys(secret, pem);
  } catch (error) {
    throw new SecretReferenceError(
      'AUDIT_SIGNING_KEY: expected an Ed25519 key in PEM. Make one with: openssl genpkey -algorithm ed25519',
      { cause: error },
    );
  }
}

function resolve(name: string, text: string, references: ReferenceSources): string {
  try {
    return compileReferences(text, references)();
  } catch (error) {
    throw new SecretReferenceError(`${name}: ${(error as Error).message}.`, { cause: error });
  }
}

/** Where a start with simulators keeps the key that it made. */
export const developmentKeyFile = (dataDir: string): string => join(dataDir, 'audit', 'development.key');

function developmentKey({ dataDir, simulators }: Pick<AuditSettings, 'dataDir' | 'simulators'>): string {
  const file = developmentKeyFile(dataDir);
  if (!simulators) {
    throw new SecretReferenceError(
      'AUDIT_KEY is not set: without it no access to the data of a person could be proven. ' +
        'Set it to a reference such as ${file:/run/secrets/audit-key}, to 32 characters or more (openssl rand -base64 32).',
    );
  }
  if (!existsSync(file)) {
    mkdirSync(join(dataDir, 'audit'), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // Another start may have made it in between.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readFileSync(file, 'utf8').trim();
}

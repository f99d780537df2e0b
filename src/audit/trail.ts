// The audit trail of this process: queues the records of requests in bounded memory, writes them to the spool in groups, and ships
// the spool to the store. A request's answer waits for the write of its records. While nothing can be written, `refusal` returns the reason.

import { GatewayError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import { createChain, type Links } from './chain.ts';
import type { Entry } from './record.ts';
import type { Spool } from './spool.ts';

export interface TrailFigures {
  /** Records that are not written yet. */
  readonly waiting: number;
  readonly spoolBytes: number;
  /** Records written since the start. */
  readonly written: number;
  /** Requests, mutations and look-ups that were refused because nothing could be written. */
  readonly refused: number;
  /** Age of the oldest record that the store does not have, ms. */
  readonly lagMs: number;
  readonly isOpen: boolean;
}

export interface Trail {
  /** Why records cannot be written at present; undefined while they can. */
  refusal(): GatewayError | undefined;
  /** Adds records to the chain. Resolves when they are written. @throws GatewayError AUDIT_UNAVAILABLE */
  add(entries: readonly Entry[]): Promise<void>;
  figures(): TrailFigures;
  /** Ends the chain and writes what waits. */
  close(): Promise<void>;
}

export interface TrailParts {
  readonly chain: string;
  readonly spool: Pick<Spool, 'write' | 'bytes' | 'close'>;
  readonly log: Log;
  /** Bytes that the spool may take. */
  readonly maxSpoolBytes: number;
  /** The digest of the newest daily root. */
  readonly newestRoot?: () => string | null;
  /** Age of the oldest record that was not shipped, ms. */
  readonly lagMs?: () => number;
  readonly now?: () => number;
  /** Records that may wait in memory. */
  readonly maxWaiting?: number;
}

/** Some 14 MB of records: seconds of the busiest gateway. */
const MAX_WAITING = 20_000;
const RETRY_MS = 1_000;
/** A disk that takes longer is treated as one that does not write. */
const WRITE_TIMEOUT_MS = 5_000;

interface Group {
  /** One for each day: a line of the spool. */
  readonly links: OpenLinks[];
  readonly written: PromiseWithResolvers<void>;
  records: number;
}

type OpenLinks = { -readonly [Name in keyof Links]: Links[Name] } & { texts: string[] };

export function createTrail(parts: TrailParts): Trail {
  const { spool, log, maxSpoolBytes, maxWaiting = MAX_WAITING, now = Date.now } = parts;
  const chain = createChain(parts.chain, now, parts.newestRoot ?? (() => null));
  let group = newGroup();
  let waiting = 0;
  let written = 0;
  let refused = 0;
  let failedSince: number | undefined;
  let isWriting = false;
  let retry: NodeJS.Timeout | undefined;

  const isFull = (): boolean => spool.bytes() >= maxSpoolBytes;
  const isOpen = (): boolean => failedSince === undefined && waiting < maxWaiting && !isFull();
  const unavailable = (): GatewayError => {
    refused += 1;
    return new GatewayError('AUDIT_UNAVAILABLE', { retryAfterMs: RETRY_MS });
  };

  const fail = (error: unknown): void => {
    if (failedSince === undefined) {
      failedSince = now();
      log.error(
        { code: (error as NodeJS.ErrnoException).code ?? 'UNKNOWN' },
        'audit records cannot be written',
      );
    }
    retry ??= setTimeout(() => {
      retry = undefined;
      void write();
    }, RETRY_MS).unref();
  };

  /** Writes groups until none waits. Links that could not be written stay the first ones: their digests are in the chain. */
  const write = async (): Promise<void> => {
    if (isWriting || group.links.length === 0) return;
    isWriting = true;
    while (group.links.length > 0) {
      const current = group;
      group = newGroup();
      const watch = setTimeout(() => current.written.reject(unavailable()), WRITE_TIMEOUT_MS);
      try {
        if (isFull()) throw Object.assign(new Error('the spool is full'), { code: 'SPOOL_FULL' });
        await spool.write(current.links);
      } catch (error) {
        current.written.reject(unavailable());
        group = {
          ...newGroup(),
          links: [...current.links, ...group.links],
          records: current.records + group.records,
          written: group.written,
        };
        fail(error);
        break;
      } finally {
        clearTimeout(watch);
      }
      current.written.resolve();
      waiting -= current.records;
      written += current.records;
      if (failedSince !== undefined) {
        log.info({ outageMs: now() - failedSince }, 'audit records can be written again');
        failedSince = undefined;
      }
    }
    isWriting = false;
  };

  const append = (links: readonly Links[]): Promise<void> => {
    for (const each of links) {
      const last = group.links.at(-1);
      if (last?.day === each.day) {
        last.texts.push(...each.texts);
        last.seq = each.seq;
        last.hash = each.hash;
      } else group.links.push({ ...each, texts: [...each.texts] });
      group.records += each.texts.length;
      waiting += each.texts.length;
    }
    const { promise } = group.written;
    // The records of everything that ends in this turn go into one write.
    if (!isWriting && retry === undefined) setImmediate(() => void write());
    return promise;
  };

  return {
    refusal: () => (isOpen() ? undefined : unavailable()),
    add: (entries) => {
      // The chain must not get ahead of what memory can hold: nothing of this request leaves.
      if (waiting >= 2 * maxWaiting) return Promise.reject(unavailable());
      return append(chain.add(entries));
    },
    figures: () => ({
      waiting,
      spoolBytes: spool.bytes(),
      written,
      refused,
      lagMs: parts.lagMs?.() ?? 0,
      isOpen: isOpen(),
    }),
    close: async () => {
      clearTimeout(retry);
      retry = undefined;
      const last = chain.end();
      if (last.length > 0 || group.links.length > 0) {
        const ending = append(last);
        await ending.catch(() => {});
      }
      clearTimeout(retry);
      await spool.close().catch(() => {});
    },
  };
}

function newGroup(): Group {
  const written = Promise.withResolvers<void>();
  // Not every group has somebody who waits for it.
  written.promise.catch(() => {});
  return { links: [], written, records: 0 };
}

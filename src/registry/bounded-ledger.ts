// A ledger of mutations of which every statement ends in bounded time, whatever its store does. A claim that the store makes after
// nobody waits for it any more is given back: its mutation was not sent.
import { abortReason, GatewayError } from '../errors.ts';
import { startFairLimit } from '../observe/fair-limit.ts';
import type { MutationLedger } from './mutation-ledger.ts';

/** Longer than the store's own limit for a statement, which reports more. */
const LIMIT_MS = 4_000;

/** @param stalledMs total time in which the event loop of this process stood still, ms */
export function createBoundedLedger(ledger: MutationLedger, stalledMs: () => number): MutationLedger {
  const within = <T>(running: Promise<T>, signal?: AbortSignal): Promise<T> =>
    new Promise((resolve, reject) => {
      const onAbort = (): void => reject(abortReason(signal as AbortSignal));
      const cancel = startFairLimit(LIMIT_MS, stalledMs, () =>
        reject(new GatewayError('STORE_UNAVAILABLE', { detail: `no answer within ${LIMIT_MS} ms` })),
      );
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
      running.then(resolve, reject).finally(() => {
        cancel();
        signal?.removeEventListener('abort', onAbort);
      });
    });

  return {
    claim: async (claim, signal) => {
      const running = ledger.claim(claim, signal);
      try {
        return await within(running, signal);
      } catch (error) {
        const giveBack = async (): Promise<void> => {
          if ((await running) !== undefined) return;
          await ledger.settle(claim.id, claim.owner, { state: 'FREE', failure: 'STORE_UNAVAILABLE' });
        };
        // Without an answer of the store the claim ends with its lease.
        void giveBack().catch(() => {});
        throw error;
      }
    },
    read: (id, signal) => within(ledger.read(id, signal), signal),
    renew: (id, owner) => within(ledger.renew(id, owner)),
    renewEveryMs: ledger.renewEveryMs,
    settle: (id, owner, outcome) => within(ledger.settle(id, owner, outcome)),
  };
}

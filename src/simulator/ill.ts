// What a fault does to one call, before the handlers see it.
import type { ServerResponse } from 'node:http';
import type { CallEntry } from './call-log.ts';
import { type Reply, textReply } from './exchange.ts';
import type { FaultSettings, Faults } from './faults.ts';

const MAINTENANCE_PAGE = `<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Bảo trì hệ thống</title></head>
<body><h1>Hệ thống đang bảo trì</h1><p>Xin vui lòng quay lại sau.</p></body></html>
`;

/**
 * Waits as the fault says. Gives the ill answer, `'GONE'` when nobody waits for one any more, or null when the
 * handlers shall answer (after a delay, after healing, or to be cut in half).
 */
export async function suffer(
  fault: FaultSettings,
  call: CallEntry,
  response: ServerResponse,
  faults: Faults,
  closing: AbortSignal,
): Promise<Reply | 'GONE' | null> {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  const gone = AbortSignal.any([closing, closed.signal]);

  if (fault.latencyMs) {
    call.met('latency');
    await wait(fault.latencyMs, gone);
  }
  if (fault.hang) {
    call.met('hang');
    await faults.changed(gone);
  }
  if (gone.aborted) return 'GONE';
  if (fault.hang) return null;
  if (fault.reset) {
    call.met('reset');
    return null;
  }
  if (fault.garbage) {
    call.met('garbage');
    return textReply(200, MAINTENANCE_PAGE, 'text/html');
  }
  if (fault.status) {
    call.met('status');
    return textReply(fault.status, 'Simulated fault.\n');
  }
  return null;
}

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });

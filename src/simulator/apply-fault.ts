// Applies a fault to one call before the handlers receive it.
import type { ServerResponse } from 'node:http';
import type { CallEntry } from './call-log.ts';
import { type Reply, textReply } from './exchange.ts';
import type { FaultSettings, Faults } from './faults.ts';

const MAINTENANCE_PAGE = `<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Bảo trì hệ thống</title></head>
<body><h1>Hệ thống đang bảo trì</h1><p>Xin vui lòng quay lại sau.</p></body></html>
`;

/**
 * Waits as the fault requires. Returns the faulty answer, `'GONE'` when the client or the server closed the connection, or
 * null when the handlers must answer (after a delay, after the faults changed, or to send half of the answer).
 */
export async function applyFault(
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
    call.recordFault('latency');
    await wait(fault.latencyMs, gone);
  }
  if (fault.hang) {
    call.recordFault('hang');
    await faults.changed(gone);
  }
  if (gone.aborted) return 'GONE';
  if (fault.hang) return null;
  if (fault.reset) {
    call.recordFault('reset');
    return null;
  }
  if (fault.garbage) {
    call.recordFault('garbage');
    return textReply(200, MAINTENANCE_PAGE, 'text/html');
  }
  if (fault.status) {
    call.recordFault('status');
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

// Which of the recorded exchanges are attempts at the operation itself. Credentials and signatures may add query parameters and change
// their order, so that the paths are not equal.

import type { ConnectRequest } from '../../connect/contract.ts';
import type { Exchange } from './watch-wire.ts';

/** Whether an exchange has method, host and path of a request, and at least its query parameters. */
export function isAttemptAt(
  exchange: Pick<Exchange, 'method' | 'origin' | 'path'>,
  request: Pick<ConnectRequest, 'method' | 'origin' | 'path'>,
): boolean {
  const sent = new URL(exchange.path, exchange.origin);
  const built = new URL(request.path, request.origin);
  if (exchange.method !== request.method || sent.origin !== built.origin || sent.pathname !== built.pathname)
    return false;
  const left = [...sent.searchParams].map(([name, value]) => `${name}\0${value}`);
  for (const [name, value] of built.searchParams) {
    const at = left.indexOf(`${name}\0${value}`);
    if (at === -1) return false;
    left.splice(at, 1);
  }
  return true;
}

// Which values of the Host header belong to a port that answers without a token. A page of another site can let a name of its own
// lead to this machine (DNS rebinding) and would then read the answers as its own; such a name is refused.

import { isIP } from 'node:net';

const HOST = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d{1,5})?$/;

/**
 * Accepts addresses, `localhost` and the configured host, with any port. A request without the header is accepted: browsers always
 * send it, and health checks by HTTP/1.0 do not.
 */
export function createHostCheck(configured: string): (host: string | undefined) => boolean {
  const names = new Set(['localhost', configured.toLowerCase()]);
  return (host) => {
    if (host === undefined) return true;
    const [, bracketed, name = ''] = HOST.exec(host) ?? [];
    return bracketed === undefined
      ? isIP(name) === 4 || names.has(name.toLowerCase())
      : isIP(bracketed) === 6;
  };
}

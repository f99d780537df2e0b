// How many unknown tokens are introspected at a time, in total and for one address: who sends made-up tokens takes no room from
// others. A token that is remembered needs none.

import { createProxyCheck } from './certificates.ts';

const MAX_INTROSPECTING = 500;
const MAX_PER_ADDRESS = 50;

/** From where a token comes. */
export interface Caller {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly peer: string | undefined;
}

export interface IntrospectionRoom {
  /** @returns what ends the introspection; `undefined`: there is no room */
  enter(caller: Caller): (() => void) | undefined;
}

/** @param trustedProxies networks of proxies, whose `X-Forwarded-For` is believed */
export function createIntrospectionRoom(trustedProxies: readonly string[]): IntrospectionRoom {
  const isTrusted = createProxyCheck(trustedProxies);
  const byAddress = new Map<string, number>();
  let total = 0;
  const addressOf = ({ headers, peer = '' }: Caller): string => {
    const forwarded = peer !== '' && isTrusted(peer) ? headers['x-forwarded-for'] : undefined;
    // The proxy adds the address of its own client at the end.
    return typeof forwarded === 'string' ? forwarded.slice(forwarded.lastIndexOf(',') + 1).trim() : peer;
  };
  return {
    enter: (caller) => {
      const address = addressOf(caller);
      const own = byAddress.get(address) ?? 0;
      if (total >= MAX_INTROSPECTING || own >= MAX_PER_ADDRESS) return undefined;
      total++;
      byAddress.set(address, own + 1);
      return () => {
        total--;
        const left = (byAddress.get(address) ?? 1) - 1;
        if (left === 0) byAddress.delete(address);
        else byAddress.set(address, left);
      };
    },
  };
}

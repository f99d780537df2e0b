// How many unknown tokens are introspected at a time, in total and for one address: a sender of made-up tokens takes no room from
// other senders. A remembered token is not introspected and needs no room.

import { createAddressOf, type Sender } from '../address.ts';

const MAX_INTROSPECTING = 500;
const MAX_PER_ADDRESS = 50;

export interface IntrospectionRoom {
  /** @returns the function that ends the introspection; `undefined` without room */
  enter(sender: Sender): (() => void) | undefined;
}

/** @param trustedProxies networks of proxies, whose `X-Forwarded-For` is used */
export function createIntrospectionRoom(trustedProxies: readonly string[]): IntrospectionRoom {
  const addressOf = createAddressOf(trustedProxies);
  const byAddress = new Map<string, number>();
  let total = 0;
  return {
    enter: (sender) => {
      const address = addressOf(sender);
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

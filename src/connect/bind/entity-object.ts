// An object of a type that connectors complete, as resolvers pass it on.

import type { Purpose } from '../contract.ts';

/** Set on hydrated objects, so that look-ups below them are made for the same purpose. */
export const PURPOSE: unique symbol = Symbol('purpose');

export type EntityObject = Record<string, unknown> & { [PURPOSE]?: Purpose | undefined };

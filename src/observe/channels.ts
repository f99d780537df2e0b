// Where the steps of a call say what happened: named diagnostics channels. `guard`, `upstream` and `registry` publish;
// the log and the metrics of this folder subscribe. Nothing on them is personal, secret, or an upstream's own text.

import { channel } from 'node:diagnostics_channel';
import type { BreakerState, ErrorCode } from '../errors.ts';

/** One call that left the gateway, or was stopped before it did. */
export interface UpstreamCallDone {
  readonly connector: string;
  /** The operation's name within its connector: bounded by the manifests. */
  readonly operation: string;
  readonly outcome: 'OK' | 'NOT_FOUND' | ErrorCode;
  readonly durationMs: number;
  readonly requestId: string;
}

export interface BreakerTransition {
  readonly connector: string;
  readonly operation: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Why, in our own words: a code, a rate, a count. */
  readonly cause?: string | undefined;
  /** To OPEN: the requests that met what led to it, the last few, newest first. */
  readonly requestIds?: readonly string[] | undefined;
}

/** A mapping did not find what it expects: a sign that the source's format drifts. */
export interface MappingProblem {
  readonly connector: string;
  readonly operation: string;
  /** Our own words, and a path in the selection; never a value. */
  readonly problem: string;
  readonly count: number;
  readonly requestId?: string | undefined;
}

export interface Topic<T> {
  readonly name: string;
  /** Costs one property read and a test when nobody listens, so build the message behind `isHeard`. */
  isHeard(): boolean;
  publish(message: T): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (message: T) => void): () => void;
}

const createTopic = <T>(name: string): Topic<T> => {
  const wire = channel(name);
  return {
    name,
    isHeard: () => wire.hasSubscribers,
    publish: (message) => wire.publish(message),
    subscribe: (listener) => {
      const onMessage = (message: unknown): void => listener(message as T);
      wire.subscribe(onMessage);
      return () => {
        wire.unsubscribe(onMessage);
      };
    },
  };
};

/** The channels a gateway publishes on and listens to. The names are the process's: another tool may listen as well. */
export interface Channels {
  readonly upstreamCall: Topic<UpstreamCallDone>;
  readonly breaker: Topic<BreakerTransition>;
  readonly mappingProblem: Topic<MappingProblem>;
}

/** Opens the channels. */
export const createChannels = (): Channels => ({
  upstreamCall: createTopic('lienthong:upstream:call'),
  breaker: createTopic('lienthong:guard:breaker'),
  mappingProblem: createTopic('lienthong:connect:mapping-problem'),
});

// What the route passes to the GraphQL-over-HTTP protocol, and what it receives.

import type { FormattedExecutionResult } from 'graphql';
import type { RequestContext } from '../request/context.ts';

/** One HTTP request as the protocol reads it. */
export interface ProtocolRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The query string with its `?`, or empty. */
  readonly search: string;
  /** The parsed JSON body. */
  readonly body: unknown;
}

export interface ProtocolAnswer {
  readonly status: number;
  readonly headers: Iterable<readonly [name: string, value: string]>;
  /** `result` as JSON. */
  readonly body: string;
  readonly result: FormattedExecutionResult;
}

export interface Protocol {
  /** Reads the request, passes it to the graph, and returns status, headers and body of the answer. */
  readonly answer: (request: ProtocolRequest, context: RequestContext) => Promise<ProtocolAnswer>;
  readonly stop: () => Promise<void>;
}

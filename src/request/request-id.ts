// The name of one request, in its answer, its errors and its log line. Called once per request by `http/`.

import { randomUUID } from 'node:crypto';

const acceptable = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's own `x-request-id` when it is 1 to 64 of `A-Z a-z 0-9 . _ -`, a new random id otherwise. */
export const requestIdOf = (header: string | string[] | undefined): string =>
  typeof header === 'string' && acceptable.test(header) ? header : randomUUID();

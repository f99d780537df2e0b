// The load: a number of connections, each sending the next request as soon as the previous one is answered, with the variables in
// turn. Runs in the process of the bench. Also reads the CPU time of other processes from /proc.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Client } from 'undici';
import type { Operation } from './documents.ts';
import type { Subject } from './subjects.ts';

export interface Measured {
  readonly queries: number;
  /** CPU time of the subject's process per query, ms: user and system, all threads. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
  readonly lastedMs: number;
}

export const CONNECTIONS = 16;

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** User and system time of a process and all its threads so far, ms. Linux only. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field, the name, may hold spaces; it ends with the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/**
 * @param queries to send in all: a count and no time, so that a slow round weighs as much as a fast one
 * @throws Error when an answer is not 200, or carries `errors`
 */
export async function load(
  subject: Subject,
  operation: Pick<Operation, 'path' | 'query'>,
  variables: readonly object[],
  queries: number,
): Promise<Measured> {
  const bodies = variables.map((one) => subject.request(operation, one));
  const clients = Array.from({ length: CONNECTIONS }, () => new Client(subject.origin));
  const times: number[] = [];
  let turn = 0;
  const cpuBefore = cpuMsOf(subject.pid);
  const startedAt = performance.now();
  const one = async (client: Client): Promise<void> => {
    while (turn < queries) {
      const { path, body } = bodies[turn++ % bodies.length] as { path: string; body: string };
      const from = performance.now();
      const answer = await client.request({ method: 'POST', path, headers: subject.headers, body });
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      times.push(performance.now() - from);
      if (answer.statusCode !== 200 || bytes.toString('latin1', 0, 8) !== '{"data":') {
        throw new Error(`${subject.name} answered ${answer.statusCode}: ${bytes.toString('utf8', 0, 400)}`);
      }
    }
  };
  try {
    await Promise.all(clients.map(one));
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
  const lastedMs = performance.now() - startedAt;
  const cpuMs = cpuMsOf(subject.pid) - cpuBefore;
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    queries: times.length,
    cpuMs: cpuMs / times.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    perSecond: (times.length * 1000) / lastedMs,
    lastedMs,
  };
}

/** How many queries stand for `pages` pages: small answers need more of them for the same CPU time. */
export const queriesFor = (operation: Operation, pages: number): number =>
  operation.id === 'page' ? pages : pages * 6;

/** One answer as JSON. */
export async function ask(
  subject: Subject,
  operation: Pick<Operation, 'path' | 'query'>,
  variables: object,
): Promise<Answer> {
  const { path, body } = subject.request(operation, variables);
  const answer = await fetch(subject.origin + path, { method: 'POST', headers: subject.headers, body });
  return (await answer.json()) as Answer;
}

export interface Answer {
  readonly data?: Record<string, never> | null;
  readonly errors?: readonly unknown[];
}

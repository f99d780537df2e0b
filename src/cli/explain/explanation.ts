// The plan of a query as text.

import type { Cost } from '../../graph/cost/amounts.ts';
import type { Style } from '../terminal.ts';

export interface ExplainedCall {
  /** Response keys from the root, joined by dots. */
  readonly path: string;
  readonly coordinate: string;
  readonly connector: string;
  readonly operation: string;
  readonly isBatch: boolean;
  /** Keys of one call; null: one, or any number. */
  readonly batchSize: number | null;
  /** Fields of the object, or arguments as `$args.…`, that the request reads. */
  readonly keyedBy: readonly string[];
  /** In the worst case. */
  readonly keys: number;
  readonly calls: number;
  /** Calls of one wave run beside each other; the next wave waits for them. */
  readonly wave: number;
  /** Calls of one request to this connector that run at once. */
  readonly atATime: number;
  readonly attemptTimeoutMs: number;
  /** When every call takes its whole limit, without retries. */
  readonly worstMs: number;
  readonly isPersonal: boolean;
  readonly purpose: 'required' | 'optional';
}

/** The object of `--json`; its keys are part of the command's contract (docs/cli.md). */
export interface Explained {
  readonly calls: readonly ExplainedCall[];
  readonly cost: Cost;
  readonly limit: { readonly cost: number; readonly connectorCalls: number };
  readonly waves: number;
  readonly worstMs: number;
  readonly deadlineMs: number;
}

export function explanationText(explained: Explained, style: Style): string {
  const { calls, cost, limit, waves, worstMs, deadlineMs } = explained;
  const lines: string[] = [];
  for (let wave = 1; wave <= waves; wave++) {
    lines.push(
      style.strong(wave === 1 ? 'First, beside each other' : `Then, when wave ${wave - 1} has answered`),
    );
    for (const call of calls.filter((each) => each.wave === wave)) lines.push(...callLines(call, style), '');
  }
  if (calls.length === 0) lines.push('No source is called: the store answers.', '');
  const verdict = worstMs <= deadlineMs ? 'within' : 'beyond';
  lines.push(
    `At most ${counted(cost.connectorCalls, 'call')} (limit ${limit.connectorCalls}), cost ${cost.total} (limit ${limit.cost}), ${counted(cost.objects, 'object')}.`,
  );
  if (calls.length > 0)
    lines.push(
      `If every call takes its whole limit: ${seconds(worstMs)} in ${counted(waves, 'wave')}, ${verdict} the ${seconds(deadlineMs)} of a request${verdict === 'beyond' ? ': what has not answered by then is null, with an error' : ''}.`,
    );
  return lines.join('\n');
}

function callLines(call: ExplainedCall, style: Style): string[] {
  const {
    path,
    connector,
    operation,
    keys,
    calls,
    keyedBy,
    atATime,
    attemptTimeoutMs,
    worstMs,
    isPersonal,
    purpose,
  } = call;
  const how = call.isBatch
    ? `${counted(keys, 'key')} in batches${call.batchSize === null ? '' : ` of ${call.batchSize}`}: ${counted(calls, 'call')}`
    : `one call per object: ${counted(calls, 'call')}`;
  return [
    `  ${style.strong(path)}  ${connector} ${operation}`,
    `    ${how} at most; equal keys are asked once`,
    ...(keyedBy.length === 0 ? [] : [`    keyed by ${keyedBy.join(', ')}`]),
    `    ${atATime} at a time, ${attemptTimeoutMs} ms each: ${seconds(worstMs)} at most`,
    ...(isPersonal || purpose === 'required'
      ? [
          `    ${isPersonal ? 'personal data' : 'data'}${purpose === 'required' ? ', for a stated purpose only' : ''}`,
        ]
      : []),
  ];
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

// The outcome table of a manifest, compiled once: what a code in the body, or an HTTP status, means.
// Success is `0`, `"0"`, `"00"`, `"000"`, `"100"` or `"200"`, depending on the system.
import { isComposite } from '../exact-number.ts';
import { normalizeText } from '../normal-form.ts';
import type { Outcome, Verdict } from './contract.ts';
import { compilePath } from './read-path.ts';

export interface CompiledOutcome {
  /** Verdict on a body; `undefined` when there is no table. */
  ofBody(body: unknown): Verdict | undefined;
  ofStatus(status: number): Verdict | undefined;
  /** True when the body has a code at the table's path. */
  finds(body: unknown): boolean;
  /** True when the table lists codes for "unauthorized". */
  readonly hasUnauthorized: boolean;
}

const NO_OUTCOME: CompiledOutcome = {
  ofBody: () => undefined,
  ofStatus: () => undefined,
  finds: () => false,
  hasUnauthorized: false,
};

export function compileOutcome(outcome: Outcome | undefined): CompiledOutcome {
  if (outcome === undefined) return NO_OUTCOME;
  const read = compilePath(outcome.at);
  const verdicts = new Map<string, Verdict>();
  for (const verdict of ['success', 'notFound', 'refused', 'throttled', 'unauthorized'] as const) {
    for (const code of outcome[verdict]) verdicts.set(String(code), verdict);
  }
  const success = compileSuccessText(outcome);
  const { otherwise, missing } = outcome;
  const failed = otherwise === 'success' ? 'fault' : otherwise;
  const statuses = new Map(
    Object.entries(outcome.statuses).map(([code, verdict]) => [Number(code), verdict]),
  );

  return {
    ofBody: (body) => {
      const found = read(body);
      if (found === undefined || found === null) return missing;
      // An object in the code's place is no code; a table that only asks "is it there" takes it as `otherwise`.
      const verdict = isComposite(found) ? otherwise : (verdicts.get(String(found)) ?? otherwise);
      return verdict === 'success' && !success(body) ? failed : verdict;
    },
    ofStatus: (status) => statuses.get(status),
    finds: (body) => (read(body) ?? null) !== null,
    hasUnauthorized: outcome.unauthorized.length > 0,
  };
}

/** Some sources send a success code with an error text, so a manifest may require both, e.g. for the national portal's dossier sync. */
function compileSuccessText({ successText }: Outcome): (body: unknown) => boolean {
  if (successText === undefined) return () => true;
  const read = compilePath(successText.at);
  const contains = normalize(successText.contains);
  return (body) => {
    const text = read(body);
    return typeof text === 'string' && normalize(text).includes(contains);
  };
}

/** A text with long rows of combining marks is compared as it is. */
const normalize = (text: string): string => (normalizeText(text) ?? text).toLowerCase();

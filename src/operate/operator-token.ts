// The token by which operators are known: as it is set, or made for a demonstration. Asked by `gateway.ts` at start.

import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { compileReferences, type ReferenceSources, SecretReferenceError } from '../references.ts';

export interface OperatorToken {
  /** The token of the moment; `undefined` where there are no operators. @throws SecretReferenceError */
  readonly read: (() => string) | undefined;
  /** Made for this run; to be told to who started it, and to nobody else. */
  readonly made: string | null;
}

/** As config.ts has it for a token in plain: what a guess would take too long for. */
const SHORTEST = 16;

/**
 * A start with simulators has operators without anything being set, so that a demonstration shows everything.
 * @throws SecretReferenceError when what is set leads nowhere, or to something too short
 */
export function operatorTokenOf(
  { operatorToken, simulators }: Pick<Config, 'operatorToken' | 'simulators'>,
  references: ReferenceSources,
): OperatorToken {
  if (operatorToken === undefined) {
    if (!simulators) return { read: undefined, made: null };
    const made = randomBytes(18).toString('base64url');
    return { read: () => made, made };
  }
  const readText = compileReferences(operatorToken, references);
  const read = (): string => {
    const text = readText();
    if (text.length >= SHORTEST) return text;
    throw new SecretReferenceError(`found ${text.length} characters, expected at least ${SHORTEST}`);
  };
  // At start rather than at the first operator's request.
  try {
    read();
  } catch (error) {
    throw new SecretReferenceError(
      `OPERATOR_TOKEN: ${(error as Error).message}. Let it lead to a token of ${SHORTEST} characters or more, or leave it out.`,
      { cause: error },
    );
  }
  return { read, made: null };
}

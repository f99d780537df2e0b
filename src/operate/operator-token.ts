// The token that identifies operators: the configured one, or one generated for a demonstration.

import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { compileReferences, type ReferenceSources, SecretReferenceError } from '../references.ts';

export interface OperatorToken {
  /** Returns the current token; `undefined` where there are no operators. @throws SecretReferenceError */
  readonly read: (() => string) | undefined;
  /** The token generated for this run. Only for the person who started the gateway. */
  readonly made: string | null;
}

/** Fewest characters of a token, as in config.ts: too many to guess. */
const SHORTEST = 16;

/**
 * A start with simulators generates a token when none is configured, so that a demonstration shows everything.
 * @throws SecretReferenceError when the configured reference cannot be resolved, or resolves to too short a token
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
  // Checked at the start, not at the first request of an operator.
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

// A source that fails leaves an error at each of its fields, with equal text and extensions. This step publishes them once:
// an error that repeats an earlier error keeps its path, and refers to the earlier error for the rest, so that the answer
// grows by little more than the paths.

import type { GraphQLFormattedError } from 'graphql';

type Published = GraphQLFormattedError & { readonly extensions: Readonly<Record<string, unknown>> };

export interface PublicErrors {
  readonly errors: readonly GraphQLFormattedError[];
  /**
   * @param root the failure itself; its public form is created once, however many fields report it
   * @param path path of the field; without a path an error is always published whole
   */
  readonly add: (
    root: unknown,
    path: readonly (string | number)[] | undefined,
    format: () => GraphQLFormattedError,
  ) => void;
}

export function createPublicErrors(): PublicErrors {
  const errors: GraphQLFormattedError[] = [];
  const byRoot = new Map<unknown, number>();
  const byContent = new Map<string, number>();

  const refer = (index: number, path: readonly (string | number)[]): void => {
    errors.push({ message: `errors[${index}]`, path, extensions: { sameAs: index } });
  };

  return {
    errors,
    add: (root, path, format) => {
      const known = byRoot.get(root);
      if (known !== undefined && path !== undefined) return refer(known, path);
      const formatted = format() as Published;
      if (path === undefined) {
        errors.push(formatted);
        return;
      }
      const { retryAfterMs, ...extensions } = formatted.extensions;
      const content = JSON.stringify([formatted.message, extensions]);
      const equal = byContent.get(content);
      byRoot.set(root, equal ?? errors.length);
      if (equal === undefined) {
        byContent.set(content, errors.length);
        errors.push(formatted);
        return;
      }
      postpone(errors[equal] as Published, retryAfterMs);
      refer(equal, path);
    },
  };
}

/** Calls that fail alike may name different delays: the longest applies, after which all of them may be repeated. */
function postpone(first: Published, retryAfterMs: unknown): void {
  const { extensions } = first;
  if (typeof retryAfterMs !== 'number') return;
  if (typeof extensions.retryAfterMs === 'number' && extensions.retryAfterMs >= retryAfterMs) return;
  (extensions as { retryAfterMs?: number }).retryAfterMs = retryAfterMs;
}

/** The code of each error; an error that refers to an earlier one has the code of that one. */
export const codesOf = (errors: readonly Pick<GraphQLFormattedError, 'extensions'>[]): string[] =>
  errors.map(({ extensions }) => {
    const whole = typeof extensions?.sameAs === 'number' ? errors[extensions.sameAs]?.extensions : extensions;
    return String(whole?.code);
  });

// Public errors as a client reads them: an error that repeats an earlier one refers to it by `extensions.sameAs`.

interface Referring {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** Each error with the text and the extensions of the error it refers to. */
export const wholeErrors = <T extends Referring>(errors: readonly T[] = []): T[] =>
  errors.map((error) => {
    const first = errors[error.extensions.sameAs as number];
    return first === undefined ? error : { ...error, message: first.message, extensions: first.extensions };
  });

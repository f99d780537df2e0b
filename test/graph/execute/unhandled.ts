// Rejections that nothing handled. graphql-js leaves some: of list items that have begun when a later item fails at once.
// Ours must leave none.

import { afterAll, beforeAll } from 'vitest';

export interface Unhandled {
  readonly forget: () => void;
  /** @throws the first rejection since `forget` */
  readonly check: () => void;
}

export function watchUnhandled(): Unhandled {
  const seen: unknown[] = [];
  const note = (reason: unknown): void => void seen.push(reason);
  let listeners: NodeJS.UnhandledRejectionListener[] = [];
  beforeAll(() => {
    listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', note);
  });
  afterAll(() => {
    process.removeListener('unhandledRejection', note);
    for (const listener of listeners) process.on('unhandledRejection', listener);
  });
  return {
    forget: () => {
      seen.length = 0;
    },
    check: () => {
      if (seen.length > 0) throw seen[0];
    },
  };
}

/** Until promises that an answer did not wait for have settled, too. @param isPending whether some have not */
export async function settle(isPending = (): boolean => false): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet = isPending() ? 0 : quiet + 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

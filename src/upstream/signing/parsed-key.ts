// A key that is parsed once per PEM text. A text that cannot be parsed, e.g. half a file during a renewal, is passed over while an
// earlier key serves.
import type { KeyObject } from 'node:crypto';
import { GatewayError } from '../../errors.ts';
import type { Secret } from '../secret.ts';

/** @returns reads the key. It throws UPSTREAM_UNAUTHORIZED with the detail when no text has been usable yet. */
export function parsedKey(read: Secret, parse: (pem: string) => KeyObject, detail: string): () => KeyObject {
  let text: string | undefined;
  let key: KeyObject | undefined;
  return () => {
    const current = read();
    if (key !== undefined && current === text) return key;
    text = current;
    try {
      key = parse(current);
    } catch {
      if (key === undefined) throw new GatewayError('UPSTREAM_UNAUTHORIZED', { detail });
    }
    return key;
  };
}

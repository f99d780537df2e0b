// The result of decoding XML that cannot be read. Errors of any other kind are bugs and are rethrown.
import type { Decoded } from './contract.ts';
import { CharsetError } from './text.ts';
import { XmlError } from './xml-text.ts';

/** @param expected e.g. `a SOAP envelope` */
export function refusalOf(error: unknown, expected: string): Decoded {
  if (error instanceof CharsetError) return { body: null, invalid: error.message };
  if (error instanceof XmlError) {
    return { body: null, invalid: `expected ${expected}, found bad XML: ${error.message}` };
  }
  throw error;
}

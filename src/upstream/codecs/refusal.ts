// What a codec says of an XML answer that it cannot read. The soap and xml codecs call it; anything else is a bug and is thrown.
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

// The libraries for XML signatures. Loaded when a source declares a signature: they take a tenth of a second, which a gateway without such
// a source does not spend.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const xmlCrypto = (): typeof import('xml-crypto') => require('xml-crypto');

export const xmlDom = (): typeof import('@xmldom/xmldom') => require('@xmldom/xmldom');

// Steps "encode" and "decode" of an attempt, chosen once per source by its protocol.
import type { FormatSpec } from '../contract.ts';
import type { WsSecurity } from '../ws-security/ws-security.ts';
import type { Codec } from './contract.ts';
import { createJsonCodec } from './json.ts';
import { createPlainCodec } from './plain.ts';
import { createSoapCodec } from './soap.ts';
import { createTableCodec } from './table.ts';
import { compileUnwrap } from './unwrap.ts';
import { createXmlCodec } from './xml.ts';

/** @param security of SOAP sources that declare it */
export function createCodec(spec: FormatSpec, security?: WsSecurity): Codec {
  const codec = codecOf(spec, security);
  if (spec.unwrap.length === 0) return codec;
  const unwrap = compileUnwrap(spec.unwrap, spec.limits.maxDepth);
  return { ...codec, decode: (answer) => unwrap(codec.decode(answer)) };
}

function codecOf(spec: FormatSpec, security: WsSecurity | undefined): Codec {
  switch (spec.protocol) {
    case 'json':
    case 'form':
      return createJsonCodec({
        protocol: spec.protocol,
        maxDepth: spec.limits.maxDepth,
        mediaTypes: spec.json.mediaTypes,
      });
    case 'xml':
      return createXmlCodec(spec);
    case 'soap11':
    case 'soap12':
      return createSoapCodec(spec.protocol, spec, security);
    case 'text':
      return createPlainCodec();
    case 'csv':
    case 'fixed-width':
      return createTableCodec(spec);
  }
}

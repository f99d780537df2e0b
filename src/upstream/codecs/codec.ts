// Steps "encode" and "decode" of an attempt, chosen once per source by its protocol. `upstream.ts` calls it.
import type { UpstreamSpec } from '../contract.ts';
import type { Codec } from './contract.ts';
import { createJsonCodec } from './json.ts';
import { createPlainCodec } from './plain.ts';
import { createSoapCodec } from './soap.ts';
import { createXmlCodec } from './xml.ts';

export const createCodec = (spec: UpstreamSpec): Codec => {
  switch (spec.protocol) {
    case 'json':
    case 'form':
      return createJsonCodec(spec.protocol, spec.limits?.maxDepth);
    case 'xml':
      return createXmlCodec(spec);
    case 'soap11':
    case 'soap12':
      return createSoapCodec(spec.protocol, spec);
    case 'text':
      return createPlainCodec();
  }
};

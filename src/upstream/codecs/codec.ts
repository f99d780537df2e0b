// Steps "encode" and "decode" of an attempt, chosen once per source by its protocol. `upstream.ts` calls it.
import type { UpstreamSpec } from '../contract.ts';
import type { Codec } from './contract.ts';
import { createJsonCodec } from './json.ts';
import { createSoapCodec } from './soap.ts';

export const createCodec = (spec: UpstreamSpec): Codec =>
  spec.protocol === 'soap11'
    ? createSoapCodec(spec.soap, spec.limits?.maxDepth)
    : createJsonCodec(spec.protocol, spec.limits?.maxDepth);

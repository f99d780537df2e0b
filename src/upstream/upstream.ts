// One attempt against one source, as steps: credentials, sign, encode, send, decode, judge.
// `registry/` makes one per source and runs its attempts inside that source's guard; this file knows nothing of guards.
import { createAddresses } from './addresses.ts';
import { createCodec } from './codecs/codec.ts';
import type { Upstream, UpstreamAnswer, UpstreamDeps, UpstreamRequest, UpstreamSpec } from './contract.ts';
import type { CredentialHeaders } from './credentials/contract.ts';
import { createCredentialSource } from './credentials/credential-source.ts';
import { ACCEPTED_ENCODINGS } from './inflate.ts';
import { compileJudge } from './judge.ts';
import { createSigner } from './signing/signer.ts';
import { createTransport } from './transport.ts';
import { compileXRoadHeaders } from './x-road.ts';

export type * from './contract.ts';

const DEFAULT_MAX_RESPONSE_BYTES = 1024 * 1024;
const DEFAULT_MAX_HEADER_BYTES = 16 * 1024;
/** More sockets per host cost more CPU than they gave (docs/performance.md). */
const DEFAULT_CONNECTIONS = 64;

/** @throws GatewayError INTERNAL_SERVER_ERROR when the spec contradicts itself, e.g. soap11 without `soap`. */
export const createUpstream = (spec: UpstreamSpec, deps: UpstreamDeps = {}): Upstream => {
  const now = deps.now ?? Date.now;
  const transport = createTransport({
    addresses: createAddresses(spec.hosts, deps.lookup),
    connections: spec.limits?.connections ?? DEFAULT_CONNECTIONS,
    maxResponseBytes: spec.limits?.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
    maxHeaderBytes: spec.limits?.maxHeaderBytes ?? DEFAULT_MAX_HEADER_BYTES,
  });
  const credentials = createCredentialSource(spec.credentials, { transport, now });
  const signer = spec.signing === undefined ? undefined : createSigner(spec.signing);
  const codec = createCodec(spec);
  const judge = compileJudge(spec);
  const xRoad =
    spec.xroad === undefined || spec.soap !== undefined ? undefined : compileXRoadHeaders(spec.xroad);
  const compression: Readonly<Record<string, string>> | undefined =
    spec.compression === false ? undefined : { 'accept-encoding': ACCEPTED_ENCODINGS };

  const exchange = (
    request: UpstreamRequest,
    payload: string | undefined,
    proof: CredentialHeaders,
    signal: AbortSignal,
  ) => {
    const form = codec.perOperation?.get(request.operation) ?? codec;
    const headers: Record<string, string> = {
      ...compression,
      ...form.headers,
      ...xRoad?.(request),
      ...request.headers,
      ...proof,
    };
    if (payload !== undefined) headers['content-type'] ??= form.contentType;
    const { method, origin, path } = request;
    return transport.send({ method, origin, path, headers, body: payload }, signal);
  };

  const attempt = async (request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamAnswer> => {
    // credentials
    const proof = credentials.headers(request, signal);
    let sent = proof instanceof Promise ? await proof : proof;
    // sign, encode
    const signed = signer === undefined ? request : signer.apply(request);
    const payload = codec.encode(signed.body, signed);
    // send; a 401 may only mean that the token died before its time
    let raw = await exchange(signed, payload, sent, signal);
    if (raw.status === 401 && credentials.renew(sent)) {
      sent = await credentials.headers(request, signal);
      raw = await exchange(signed, payload, sent, signal);
    }
    // decode
    const decoded = codec.decode(raw);
    const { status, headers } = raw;
    const answer: UpstreamAnswer = {
      status,
      headers,
      body: decoded.body,
      fetchedAt: now(),
      freshness: 'LIVE',
    };
    // judge
    return judge(answer, decoded, request);
  };

  return {
    attempt,
    close: async () => {
      credentials.close();
      await transport.close();
    },
    stats: transport.stats,
  };
};

// One attempt against one source, as steps: credentials, sign, encode, send, decode, judge.
import { GatewayError, isGatewayError } from '../errors.ts';
import { createAddresses } from './addresses.ts';
import { createCodec } from './codecs/codec.ts';
import type { Decoded } from './codecs/contract.ts';
import type { Upstream, UpstreamAnswer, UpstreamDeps, UpstreamRequest, UpstreamSpec } from './contract.ts';
import type { Proof } from './credentials/contract.ts';
import { createCredentialSource } from './credentials/credential-source.ts';
import { withQuery } from './credentials/proven-path.ts';
import { listExpiries } from './expiries.ts';
import { ACCEPTED_ENCODINGS } from './inflate.ts';
import { compileJudge } from './judge.ts';
import { createProbe } from './probe.ts';
import { createMessageSigner } from './signing/http-message.ts';
import { createSigner } from './signing/signer.ts';
import { createTransport, type RawAnswer } from './transport.ts';
import { compileXRoadHeaders } from './x-road.ts';

export type * from './contract.ts';

const DEFAULT_MAX_RESPONSE_BYTES = 1024 * 1024;
const DEFAULT_MAX_HEADER_BYTES = 16 * 1024;
/** More sockets per host cost more CPU than they save in time (docs/performance.md). */
const DEFAULT_CONNECTIONS = 64;

/** @throws GatewayError INTERNAL_SERVER_ERROR when the spec contradicts itself, e.g. soap11 without `soap`. */
export function createUpstream(spec: UpstreamSpec, deps: UpstreamDeps = {}): Upstream {
  const now = deps.now ?? Date.now;
  const transport = createTransport({
    addresses: createAddresses(spec.hosts, deps.lookup),
    tls: spec.tls,
    connections: spec.limits?.connections ?? DEFAULT_CONNECTIONS,
    maxResponseBytes: spec.limits?.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
    maxHeaderBytes: spec.limits?.maxHeaderBytes ?? DEFAULT_MAX_HEADER_BYTES,
    http2: spec.http2 ?? false,
  });
  const credentials = createCredentialSource(spec.credentials, {
    transport,
    now,
    speaksSoap: spec.soap !== undefined,
  });
  const signer = spec.signing === undefined ? undefined : createSigner(spec.signing);
  const signMessage =
    spec.messageSignature === undefined ? undefined : createMessageSigner(spec.messageSignature);
  const codec = createCodec(spec);
  const judge = compileJudge(spec);
  const xRoad =
    spec.xroad === undefined || spec.soap !== undefined ? undefined : compileXRoadHeaders(spec.xroad);
  const probe =
    spec.probe === undefined ? noProbe : createProbe(spec.probe, { transport, credentials, judge, now });
  const compression: Readonly<Record<string, string>> | undefined =
    spec.compression === false ? undefined : { 'accept-encoding': ACCEPTED_ENCODINGS };

  const send = (
    request: UpstreamRequest,
    proof: Proof,
    signal: AbortSignal,
    idempotent: boolean,
  ): Promise<RawAnswer> => {
    const { method, origin } = request;
    // sign, encode
    const proven = proof.body === undefined ? request : withBody(request, proof.body);
    const signed = signer === undefined ? proven : signer.apply(proven);
    const payload = codec.encode(signed.body, signed);
    // send
    const form = codec.perOperation?.get(request.operation) ?? codec;
    const headers: Record<string, string> = {
      ...compression,
      ...form.headers,
      ...xRoad?.(request),
      ...signed.headers,
      ...proof.headers,
    };
    if (payload !== undefined) headers['content-type'] ??= form.contentType;
    const path = withQuery(signed.path, proof.query);
    if (signMessage !== undefined) {
      Object.assign(headers, signMessage({ method, origin, path, headers, payload }, now()));
    }
    return transport.send({ method, origin, path, headers, body: payload, idempotent }, signal);
  };

  const answerOf = ({ status, headers }: RawAnswer, { body }: Decoded): UpstreamAnswer => ({
    status,
    headers,
    body,
    fetchedAt: now(),
    freshness: 'LIVE',
  });

  const attempt: Upstream['attempt'] = async (request, signal, idempotent = request.method === 'GET') => {
    // credentials
    const proof = credentials.prove(request, signal);
    const sent = proof instanceof Promise ? await proof : proof;
    // sign, encode, send, decode
    let raw: RawAnswer;
    try {
      raw = await send(request, sent, signal, idempotent);
    } catch (error) {
      throw isOurCredentials(error, sent) ? unsendable() : error;
    }
    let decoded = codec.decode(raw);
    let answer = answerOf(raw, decoded);
    if (!judge.isUnauthorized(answer)) credentials.accepted?.(sent);
    else if (credentials.renew(sent)) {
      // once more: the token may have been revoked before its expiry
      const renewed = await credentials.prove(request, signal);
      raw = await send(request, renewed, signal, idempotent);
      decoded = codec.decode(raw);
      answer = answerOf(raw, decoded);
      if (!judge.isUnauthorized(answer)) credentials.accepted?.(renewed);
    }
    // judge
    return judge.judge(answer, decoded, request);
  };

  return {
    attempt,
    probe,
    expiries: () => listExpiries(spec, { transport, credentials }),
    close: async () => {
      credentials.close();
      await transport.close();
    },
    stats: transport.stats,
  };
}

/** A value that cannot be sent is the caller's, unless one of our own secrets contains a line break or characters beyond Latin-1. */
const isOurCredentials = (error: unknown, { headers }: Proof): boolean =>
  isGatewayError(error) &&
  error.code === 'BAD_USER_INPUT' &&
  Object.values(headers).some((value) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(value));

const unsendable = (): GatewayError =>
  new GatewayError('UPSTREAM_UNAUTHORIZED', {
    detail:
      'the credentials of this source contain a character that a header cannot carry, e.g. a line break',
  });

async function noProbe(): Promise<never> {
  throw new GatewayError('INTERNAL_SERVER_ERROR', {
    detail: 'this source cannot be probed: its spec has no `probe.origin`',
  });
}

/** @throws GatewayError INTERNAL_SERVER_ERROR when the body is not an object, so that it cannot carry a session. */
function withBody(request: UpstreamRequest, fields: Readonly<Record<string, string>>): UpstreamRequest {
  const { body } = request;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
    // First in order, which XML requires, and written last: no value of the call can replace the session.
    return { ...request, body: { ...fields, ...body, ...fields } };
  }
  if (body === undefined) return { ...request, body: fields };
  throw new GatewayError('INTERNAL_SERVER_ERROR', {
    detail: 'credentials in the body need a body that is an object; found another value',
  });
}

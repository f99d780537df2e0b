// One attempt against one source, as steps: credentials, sign, encode, send, decode, judge.
import { GatewayError, isGatewayError } from '../errors.ts';
import { createAddresses } from './addresses.ts';
import { createCodec } from './codecs/codec.ts';
import type { Decoded } from './codecs/contract.ts';
import { renew, withConditions } from './conditional.ts';
import type { UpstreamAnswer, UpstreamRequest } from './contract.ts';
import type { Proof } from './credentials/contract.ts';
import { withBody, withQuery } from './credentials/proof.ts';
import { requestToken } from './credentials/token-request.ts';
import { sendWithEvidence } from './evidence.ts';
import { listExpiries } from './expiries.ts';
import { ACCEPTED_ENCODINGS } from './inflate.ts';
import { compileJudge } from './judge.ts';
import { createNames } from './names/names.ts';
import { createOwnCertificate } from './own-certificate.ts';
import { createProbe } from './probe.ts';
import { parseHttpDate } from './retry-after.ts';
import { createMessageSigner } from './signing/http-message.ts';
import { withField, withParameter } from './signing/request-signer.ts';
import type { Upstream, UpstreamDeps, UpstreamSpec } from './spec.ts';
import { createTransport, type RawAnswer } from './transport.ts';
import { createWsSecurity } from './ws-security/ws-security.ts';
import { compileXRoadHeaders } from './x-road.ts';

export type * from './contract.ts';
export type * from './spec.ts';

/** @throws GatewayError INTERNAL_SERVER_ERROR when the spec contradicts itself, e.g. soap11 without `soap`. */
export function createUpstream(spec: UpstreamSpec, deps: UpstreamDeps = {}): Upstream {
  const now = deps.now ?? Date.now;
  const tick = deps.tick ?? deps.now ?? (() => performance.now());
  const names = createNames({
    ...deps.names,
    lookup: deps.lookup,
    tick,
    onChange: (name, addresses) => transport.moved(name, addresses),
  });
  const own =
    spec.tls === undefined
      ? undefined
      : createOwnCertificate(spec.tls, (change) => deps.onCertificate?.(change));
  const transport = createTransport({
    own,
    addresses: createAddresses(spec.hosts, names.lookup),
    names,
    tick,
    stalledMs: deps.stalledMs ?? (() => 0),
    connectionMaxAgeMs: spec.connectionMaxAgeMs,
    tls: spec.tls,
    connections: spec.limits.connections,
    maxResponseBytes: spec.limits.maxResponseBytes,
    maxHeaderBytes: spec.limits.maxHeaderBytes,
    http2: spec.http2,
  });
  const credentials = spec.credentials.open({
    requestToken: (request, signal) => requestToken(request, transport, signal, now),
    now,
    usesSoap: spec.soap !== undefined,
  });
  const { signer, requestSigner } = spec;
  const signMessage =
    spec.messageSignature === undefined ? undefined : createMessageSigner(spec.messageSignature);
  const { protocol, wsSecurity } = spec;
  const codec = createCodec(
    spec,
    wsSecurity !== undefined && (protocol === 'soap11' || protocol === 'soap12')
      ? createWsSecurity(protocol, wsSecurity, now)
      : undefined,
  );
  const judge = compileJudge(spec);
  const xRoad =
    spec.xroad === undefined || spec.soap !== undefined ? undefined : compileXRoadHeaders(spec.xroad);
  const probe = createProbe(spec.probe, { transport, credentials, judge, now });
  const compression: Readonly<Record<string, string>> | undefined = spec.compression
    ? { 'accept-encoding': ACCEPTED_ENCODINGS }
    : undefined;

  const send = (
    request: UpstreamRequest,
    proof: Proof,
    signal: AbortSignal,
    idempotent: boolean,
  ): Promise<RawAnswer> => {
    const { method, origin } = request;
    // sign, encode
    const proven = proof.body === undefined ? request : withBody(request, proof.body);
    const begun = requestSigner?.begin(proven, now());
    let signed = begun?.request ?? (signer === undefined ? proven : signer.apply(proven));
    const form = codec.perOperation?.get(request.operation) ?? codec;
    const headers: Record<string, string> = {
      ...compression,
      ...form.headers,
      ...xRoad?.(request),
      ...signed.headers,
      ...proof.headers,
    };
    if (codec.consumedHeaders !== undefined) {
      for (const name of codec.consumedHeaders) delete headers[name];
    }
    let path = withQuery(signed.path, proof.query);
    if (requestSigner?.place === 'body' && begun !== undefined) {
      headers['content-type'] ??= form.contentType;
      const parts = { method, origin, path, headers, body: signed.body, payload: undefined };
      const body = withField(signed.body, requestSigner.into, requestSigner.seal(begun, parts));
      signed = { ...signed, body };
    }
    const payload = codec.encode(signed.body, signed);
    if (payload !== undefined) headers['content-type'] ??= form.contentType;
    if (requestSigner !== undefined && requestSigner.place !== 'body' && begun !== undefined) {
      Object.assign(headers, requestSigner.digestHeaders(payload));
      const parts = { method, origin, path, headers, body: signed.body, payload };
      const value = requestSigner.seal(begun, parts);
      if (requestSigner.place === 'header') headers[requestSigner.into] = value;
      else path = withParameter(path, requestSigner.into, value);
    }
    // send
    if (signMessage !== undefined) {
      Object.assign(headers, signMessage({ method, origin, path, headers, payload }, now()));
    }
    const raw = { method, origin, path, headers, body: payload, idempotent };
    return request.evidence === undefined
      ? transport.send(raw, signal)
      : sendWithEvidence(transport, raw, signal, request.evidence, now);
  };

  const answerOf = (
    { status, headers }: RawAnswer,
    { body }: Decoded,
    { evidence }: UpstreamRequest,
  ): UpstreamAnswer =>
    evidence === undefined
      ? { status, headers, body, fetchedAt: now(), freshness: 'LIVE' }
      : { status, headers, body, fetchedAt: now(), freshness: 'LIVE', evidence: { ...evidence } };

  /** A source refuses signatures and timestamps of a clock that differs from its own. */
  let clockSkewMs: number | undefined;
  const compareClocks = ({ headers, fetchedAt }: UpstreamAnswer): void => {
    const sourceAt = parseHttpDate(headers.date);
    if (sourceAt !== undefined) clockSkewMs = fetchedAt - sourceAt;
  };

  const attempt: Upstream['attempt'] = async (asked, signal, idempotent = asked.method === 'GET') => {
    const request = withConditions(asked);
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
    let answer = answerOf(raw, decoded, request);
    const isRejected = judge.isUnauthorized(answer);
    if (isRejected || answer.status >= 400) compareClocks(answer);
    if (!isRejected) credentials.accepted?.(sent);
    else if (credentials.renew(sent)) {
      // once more: the token may have been revoked before its expiry
      const renewed = await credentials.prove(request, signal);
      raw = await send(request, renewed, signal, idempotent);
      decoded = codec.decode(raw);
      answer = answerOf(raw, decoded, request);
      if (!judge.isUnauthorized(answer)) credentials.accepted?.(renewed);
    }
    // judge
    if (answer.status === 304 && request.known !== undefined)
      return renew(request.known, answer, request.operation);
    return judge.judge(answer, decoded, request);
  };

  return {
    attempt,
    probe,
    clockSkewMs: () => clockSkewMs,
    certificateError: transport.certificateError,
    expiries: () => listExpiries(spec, { transport, credentials, own }),
    close: async () => {
      credentials.close();
      names.close();
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

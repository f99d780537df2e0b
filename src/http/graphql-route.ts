// The route /graphql: reads a request, has it answered, writes the answer and records it. Whatever fails, the client receives a
// GraphQL answer that contains public texts only.

import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, GatewayError, isGatewayError, type LocalizedText } from '../errors.ts';
import type { Admission } from '../graph/executor.ts';
import { formatError } from '../graph/format-error.ts';
import type { Channels } from '../observe/channels.ts';
import type { Sender } from '../request/address.ts';
import { createRequestContext, type RequestContextOptions } from '../request/context.ts';
import { localeOf } from '../request/headers.ts';
import type { Identify, Identity } from '../request/identity/identity.ts';
import { GRAPHQL_PATH, type LoadShedding } from './load-shedding.ts';
import { JSON_TYPE, mediaTypeOf } from './media-type.ts';
import type { Protocol, ProtocolAnswer } from './protocol-contract.ts';
import { type AnsweredRequest, publishRequestEnd } from './request-log.ts';

export interface GraphqlRouteOptions {
  readonly protocol: Protocol;
  readonly channels: Channels;
  readonly identify: Identify;
  /** Opens the audit trail of a request. */
  readonly audit?: RequestContextOptions['audit'];
  /** Charges the sender of credentials that were refused. Absent: nobody is limited. */
  readonly chargeRefusal?: ((sender: Sender) => Pick<Admission, 'retryAfterMs' | 'headers'>) | undefined;
  /** Time limit of a request, in milliseconds. */
  readonly deadlineMs: number;
  /** Calls that a request may make to one connector. */
  readonly maxCallsPerConnector: number;
  readonly shedding: LoadShedding;
  /** Total time in which the event loop stood still, ms. */
  readonly stalledMs?: (() => number) | undefined;
  readonly onAnswered: (answered: AnsweredRequest) => void;
  /** Called when a request is refused before it is read as GraphQL. */
  readonly onRefused: (status: number, durationMs: number) => void;
}

/** Registers POST and GET /graphql; other methods are refused with 405. */
export function addGraphqlRoute(app: FastifyInstance, options: GraphqlRouteOptions): void {
  const { protocol, channels, identify, audit, deadlineMs, maxCallsPerConnector, shedding, stalledMs } =
    options;
  const { queue } = shedding;

  /** Answers a request whose sender could not be identified. */
  const refuse = (
    request: FastifyRequest,
    reply: FastifyReply,
    error: GatewayError,
    started: number,
  ): FastifyReply => {
    const send = (status: number, shown: GatewayError): FastifyReply => {
      options.onRefused(status, performance.now() - started);
      return sendError(request, reply, status, shown);
    };
    if (error.code !== 'UNAUTHENTICATED') return send(503, error);
    // The caller is not charged for an issuer that cannot be reached.
    const charged = error.retryable
      ? undefined
      : options.chargeRefusal?.({ headers: request.headers, peer: request.raw.socket.remoteAddress });
    for (const [name, value] of charged?.headers ?? []) reply.header(name, value);
    const retryAfterMs = charged?.retryAfterMs;
    if (retryAfterMs !== undefined) {
      reply.header('retry-after', String(Math.ceil(retryAfterMs / 1000)));
      return send(429, new GatewayError('RATE_LIMITED', { retryAfterMs }));
    }
    // RFC 6750; the reason is in the body.
    reply.header('www-authenticate', 'Bearer error="invalid_token"');
    return send(401, error);
  };

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    // read
    const started = performance.now();
    const { method, headers, id: requestId } = request;
    const locale = localeOf(headers['accept-language']);
    const peer = request.raw.socket.remoteAddress;
    let identity: Identity;
    try {
      const identifying = request.identity ?? identify(headers, peer);
      // Almost always known already: waiting would cost a turn.
      identity = identifying instanceof Promise ? await identifying : identifying;
    } catch (error) {
      if (!isGatewayError(error)) throw error;
      return refuse(request, reply, error, started);
    }
    const context = createRequestContext({
      requestId,
      locale,
      identity,
      peer,
      audit,
      deadlineMs: Math.max(1, deadlineMs - request.queuedMs),
      maxCallsPerConnector,
      stalledMs,
      clientHeaders: headers,
    });
    if (channels.requestStarted.hasSubscribers()) {
      const { traceparent } = headers;
      channels.requestStarted.publish({
        request: context.signal,
        requestId,
        startedAt: context.startedAt,
        startedTick: started,
        method,
        route: GRAPHQL_PATH,
        traceparent: typeof traceparent === 'string' ? traceparent : undefined,
      });
    }
    const socket = reply.raw;
    socket.once('close', () => {
      if (!socket.writableFinished) context.cancel();
    });

    // answer
    let answered: ProtocolAnswer;
    queue.begun();
    try {
      const { body } = request;
      answered = await protocol.answer({ method, headers, search: searchOf(request.raw.url), body }, context);
    } catch (error) {
      const durationMs = performance.now() - started;
      const failed = { context, method, status: 500, durationMs, executedMs: durationMs };
      if (channels.requestDone.hasSubscribers())
        publishRequestEnd(channels, { ...failed, data: undefined, errors: undefined }, 'failed', [
          'INTERNAL_SERVER_ERROR',
        ]);
      throw error;
    } finally {
      queue.ended();
      context.dispose();
    }
    const executedMs = performance.now() - started;

    // write
    const { status, result } = answered;
    reply.hijack();
    writeAnswer(reply.raw, answered, requestId);

    // record
    const durationMs = performance.now() - started;
    const { data, errors } = result;
    options.onAnswered({ context, method, status, durationMs, executedMs, data, errors });
    return reply;
  };

  app.route({ method: ['GET', 'POST'], url: GRAPHQL_PATH, onRequest: shedding.hook, handler: answer });
  app.route({
    method: ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: GRAPHQL_PATH,
    handler: (request, reply) => {
      reply.header('allow', 'GET, POST');
      return sendFailure(request, reply, 405, 'BAD_REQUEST', {
        vi: `Không hỗ trợ ${request.method}: hãy dùng POST, hoặc GET cho truy vấn đọc.`,
        en: `${request.method} is not supported: use POST, or GET for queries.`,
      });
    },
  });
}

/** Sends a public error as a GraphQL answer, for requests that the protocol does not see. */
export function sendFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  code: ErrorCode,
  reason?: LocalizedText,
): FastifyReply {
  return sendError(request, reply, status, new GatewayError(code, { reason }));
}

function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  error: GatewayError,
): FastifyReply {
  const locale = localeOf(request.headers['accept-language']);
  return reply
    .code(status)
    .header('content-type', mediaTypeOf(request.headers.accept) ?? JSON_TYPE)
    .header('x-request-id', request.id)
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ errors: [formatError(error, { locale, requestId: request.id })] }));
}

/** Writes past Fastify, which has nothing to add: its `send` looks at type, headers and length again. */
function writeAnswer(response: ServerResponse, { status, headers, body }: ProtocolAnswer, id: string): void {
  const lines: Record<string, string | number> = {};
  for (const [name, value] of headers) lines[name] = value;
  lines['x-request-id'] = id;
  // Answers contain personal data.
  lines['cache-control'] = 'no-store';
  lines['content-length'] = Buffer.byteLength(body);
  response.writeHead(status, lines);
  response.end(body);
}

function searchOf(url: string | undefined): string {
  const start = url?.indexOf('?') ?? -1;
  return url === undefined || start < 0 ? '' : url.slice(start);
}

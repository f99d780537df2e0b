// The GraphQL-over-HTTP protocol: replaces the name of a published document by its text, answers a plain request, and passes every
// other request to Apollo Server. See docs/decisions/0020.

import type { FormattedExecutionResult } from 'graphql';
import { type GatewayError, isGatewayError } from '../errors.ts';
import type { GraphExecutor } from '../graph/executor.ts';
import { formatError } from '../graph/format-error.ts';
import type { Log } from '../observe/log.ts';
import type { RequestContext } from '../request/context.ts';
import { createApollo } from './apollo.ts';
import { JSON_TYPE, mediaTypeOf, namesJson } from './media-type.ts';
import { type Documents, withNamedDocument } from './named-document.ts';
import { plainRequestOf } from './plain-request.ts';
import type { Protocol, ProtocolAnswer } from './protocol-contract.ts';
import { createReply } from './reply.ts';

/** @param documents published documents; without them every request is answered as it was sent */
export async function createProtocol(
  graph: Pick<GraphExecutor, 'answer'>,
  log: Log,
  documents?: Documents,
): Promise<Protocol> {
  const reply = createReply(graph, log);
  const apollo = await createApollo(reply, log);

  return {
    answer: async (received, context) => {
      // the document
      let request = received;
      if (documents !== undefined) {
        try {
          request = withNamedDocument(received, context, documents);
        } catch (error) {
          if (!isGatewayError(error)) throw error;
          return refuseDocument(error, received.headers.accept, context);
        }
      }
      // a plain request
      const plain = plainRequestOf(request);
      if (plain !== undefined) {
        const { status, headers, result } = await reply(plain, request.headers.accept, context);
        return { status, headers, body: textOf(result), result };
      }
      // every other request
      return apollo.answer(request, context);
    },
    stop: apollo.stop,
  };
}

/** As Apollo orders the members. */
const textOf = ({ errors, data, extensions }: FormattedExecutionResult): string =>
  JSON.stringify({ errors, data, extensions });

function refuseDocument(
  error: GatewayError,
  accept: string | string[] | undefined,
  context: RequestContext,
): ProtocolAnswer {
  const accepted = typeof accept === 'string' ? accept : undefined;
  const mediaType = mediaTypeOf(accepted) ?? JSON_TYPE;
  const result = { errors: [formatError(error, context)] };
  const status = namesJson(accepted, mediaType) ? 200 : 400;
  return { status, headers: [['content-type', mediaType]], body: JSON.stringify(result), result };
}

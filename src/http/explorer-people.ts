// The people as whom the explorer can ask, and their tokens. These routes exist only with simulators, whose people are invented. Pages
// of other origins can use neither: no CORS header is sent, tokens require a JSON body, and the Host header is checked.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EXPLORER_PATH } from './explorer-path.ts';
import { createHostCheck } from './host-check.ts';

export interface ExplorerPeople {
  readonly people: readonly {
    readonly id: string;
    readonly title: { readonly vi: string; readonly en: string };
  }[];
  /** Id of the person who is chosen at a first visit. */
  readonly first: string;
  token(asked: { readonly person: string; readonly minutes: number }): Promise<string>;
}

export const PEOPLE_PATH = `${EXPLORER_PATH}/people`;

/** The explorer renews a token before it ends. */
const MINUTES = 30;

const MAX_BODY = 500;

/**
 * Registers the list of people, and the route that answers with a token of one of them.
 * @param host the configured host, besides addresses and `localhost`
 */
export function addExplorerPeople(
  app: FastifyInstance,
  { people, first, token }: ExplorerPeople,
  host: string,
): void {
  const isOwnHost = createHostCheck(host);
  const onRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (isOwnHost(request.headers.host)) done();
    else
      reply
        .code(421)
        .send({ error: 'Use an address, localhost or the value of HOST as the host of the URL.' });
  };
  app.get(PEOPLE_PATH, { onRequest }, (_request, reply) => {
    reply
      .header('cache-control', 'no-store')
      .send({ first, people: people.map(({ id, title }) => ({ id, title })) });
  });
  app.post<{ Body: { person?: unknown } | null }>(
    `${PEOPLE_PATH}/token`,
    { bodyLimit: MAX_BODY, onRequest },
    async (request, reply) => {
      const person = request.body?.person;
      reply.header('cache-control', 'no-store');
      const known = people.find(({ id }) => id === person);
      if (known === undefined) return reply.code(404).send({ error: 'There is no such person.' });
      return reply.send({
        token: await token({ person: known.id, minutes: MINUTES }),
        expiresInS: MINUTES * 60,
      });
    },
  );
}

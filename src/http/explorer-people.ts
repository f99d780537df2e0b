// The people as whom the explorer can ask, and their tokens. These routes exist only with simulators, where nobody is real. Pages of
// other origins can read neither, since no CORS header is sent and tokens are given for JSON bodies only.

import type { FastifyInstance } from 'fastify';
import { EXPLORER_PATH } from './explorer-path.ts';

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

/** Registers the list of people, and the route that answers with a token of one of them. */
export function addExplorerPeople(app: FastifyInstance, { people, first, token }: ExplorerPeople): void {
  app.get(PEOPLE_PATH, (_request, reply) => {
    reply
      .header('cache-control', 'no-store')
      .send({ first, people: people.map(({ id, title }) => ({ id, title })) });
  });
  app.post<{ Body: { person?: unknown } | null }>(
    `${PEOPLE_PATH}/token`,
    { bodyLimit: MAX_BODY },
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

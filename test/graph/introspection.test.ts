// Who may read the schema, by introspection and by the suggestions of errors.

import { makeExecutableSchema } from '@graphql-tools/schema';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { OPEN_ACCESS } from '../../src/graph/access/access.ts';
import { createGraphExecutor } from '../../src/graph/executor.ts';
import type { Introspection } from '../../src/graph/introspection.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { ANONYMOUS, createIdentity, type Identity, type Role } from '../../src/request/identity/identity.ts';
import { anOfficer } from '../request/an-identity.ts';

const executorFor = (introspection: Introspection) =>
  createGraphExecutor(
    {
      schema: makeExecutableSchema({
        typeDefs: 'type Query { hidden(level: Level): String } enum Level { HIGH LOW }',
        resolvers: { Query: { hidden: () => 'x' } },
      }),
      connectorsAt: () => [],
      access: OPEN_ACCESS,
      breakerOf: () => undefined,
      onRetired: () => {},
    },
    { introspection },
  );

const executors = {
  everybody: executorFor('everybody'),
  developers: executorFor('developers'),
  nobody: executorFor('nobody'),
};

const withRole = (role: Role): Identity => createIdentity({ ...anOfficer('o', 'a'), roles: new Set([role]) });
const withScope = createIdentity({ ...anOfficer('o', 'a'), scopes: new Set(['schema:read']) });

async function ask(
  introspection: Introspection,
  identity: Identity,
  text: string,
  variables?: Record<string, unknown>,
) {
  const context = createRequestContext({ requestId: 'r', locale: 'en', identity, deadlineMs: 1000 });
  try {
    return (await executors[introspection].answer({ text, variables }, context)).result;
  } finally {
    context.dispose();
  }
}

const WHO: readonly [string, Identity, boolean][] = [
  ['an anonymous caller', ANONYMOUS, false],
  [
    'an anonymous caller with the scope',
    createIdentity({ ...ANONYMOUS, scopes: new Set(['schema:read']) }),
    false,
  ],
  ['an officer', anOfficer('o', 'a'), false],
  ['an officer with the scope', withScope, true],
  ['an operator', withRole('operator'), true],
  ['an integrator', withRole('integrator'), true],
  ['an auditor', withRole('auditor'), false],
];

describe('developers', () => {
  it.each(WHO)(
    '%s · introspects, errs · then the schema and its names, or neither',
    async (_who, identity, may) => {
      const code = identity.actor.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
      for (const text of [
        getIntrospectionQuery(),
        '{ __type(name: "Query") { name } }',
        '{ ...F } fragment F on Query { a: __schema { queryType { name } } }',
      ]) {
        const { data, errors } = await ask('developers', identity, text);
        if (may) expect([errors, data]).toEqual([undefined, expect.any(Object)]);
        else expect([data, errors]).toMatchObject([undefined, [{ extensions: { code } }]]);
      }
      // The same document, prepared once: each caller receives the form that is theirs.
      const { errors: wrong } = await ask('developers', identity, '{ hiden }');
      expect(wrong?.[0]?.message).toBe(
        `Cannot query field "hiden" on type "Query".${may ? ' Did you mean "hidden"?' : ''}`,
      );
      const { errors: value } = await ask('developers', identity, 'query ($l: Level) { hidden(level: $l) }', {
        l: 'HIG',
      });
      expect(value?.[0]?.message.includes('HIGH')).toBe(may);
    },
  );

  it('__typename · of an anonymous caller · then answered', async () => {
    expect((await ask('developers', ANONYMOUS, '{ __typename hidden }')).data).toEqual({
      __typename: 'Query',
      hidden: 'x',
    });
  });
});

it('everybody and nobody · then so', async () => {
  expect((await ask('everybody', ANONYMOUS, getIntrospectionQuery())).errors).toBeUndefined();
  const { errors } = await ask('nobody', withRole('operator'), getIntrospectionQuery());
  expect(errors).toMatchObject([
    { message: 'Introspection is switched off at this gateway.', extensions: { code: 'FORBIDDEN' } },
  ]);
});

import { makeExecutableSchema } from '@graphql-tools/schema';
import type { FormattedExecutionResult } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { OPEN_ACCESS } from '../../src/graph/access/access.ts';
import { createGraphExecutor, type Generation, type GraphRequest } from '../../src/graph/executor.ts';
import { createRequestContext, type RequestContext } from '../../src/request/context.ts';
import { anOfficer } from '../request/an-identity.ts';

const aGeneration = (answer: (context: RequestContext) => unknown, onRetired = () => {}): Generation => ({
  schema: makeExecutableSchema({
    typeDefs:
      'type Query { it(n: Int): String list: [Item!]! } type Item { a: String b: Int } type Mutation { touch: String }',
    resolvers: {
      Query: {
        it: (_source, _args, context) => answer(context),
        list: () => [
          { a: 'x', b: 1 },
          { a: null, b: 2 },
        ],
      },
      Mutation: { touch: (_source, _args, context) => answer(context) },
    },
  }),
  connectorsAt: (typeName, fieldName) =>
    typeName === 'Query' && fieldName === 'it'
      ? [
          {
            connector: 'population',
            operation: 'Query.it',
            batchSize: undefined,
            per: 'parent',
            isSpare: false,
          },
        ]
      : [],
  access: OPEN_ACCESS,
  breakerOf: () => undefined,
  onRetired,
});

const aContext = () =>
  createRequestContext({
    requestId: 'r1',
    locale: 'en',
    identity: anOfficer('o', 'a'),
    deadlineMs: 5000,
  });

function anExecutor(generation: Generation, options = {}) {
  const executor = createGraphExecutor(generation, options);
  const ask = async (text: string, more: Partial<GraphRequest> = {}): Promise<FormattedExecutionResult> =>
    (await executor.answer({ text, ...more }, aContext())).result;
  return { executor, ask };
}

describe('the executor', () => {
  it('a document · run many times · then equal answers', async () => {
    const { ask } = anExecutor(aGeneration(() => 'yes'));
    const query = '{ it list { b a renamed: a __typename } }';
    const answers = [];
    for (let run = 0; run < 5; run++) answers.push(JSON.stringify((await ask(query)).data));
    expect(new Set(answers).size).toBe(1);
  });

  it('a resolver that throws · run twice · a public error at its path, and sources', async () => {
    const failing = aGeneration((context) => {
      context.tally.failed('population', new GatewayError('UPSTREAM_TIMEOUT'));
      throw new GatewayError('UPSTREAM_TIMEOUT', { connector: 'population', detail: 'secret detail' });
    });
    const { ask } = anExecutor(failing);
    for (let run = 0; run < 2; run++) {
      const result = JSON.parse(JSON.stringify(await ask('{ x: it }')));
      expect(result.data).toEqual({ x: null });
      expect(result.errors).toEqual([
        expect.objectContaining({
          path: ['x'],
          message: 'The source system took too long to answer.',
          extensions: expect.objectContaining({
            code: 'UPSTREAM_TIMEOUT',
            connector: 'population',
            requestId: 'r1',
          }),
        }),
      ]);
      expect(result.extensions.sources).toMatchObject([{ connector: 'population', status: 'UNAVAILABLE' }]);
      expect(JSON.stringify(result)).not.toContain('secret detail');
    }
  });

  it('a document that names a connector without selecting its fields · run · then SKIPPED', async () => {
    const { ask } = anExecutor(aGeneration(() => null));
    expect((await ask('{ it }')).extensions).toMatchObject({
      sources: [{ connector: 'population', status: 'SKIPPED' }],
    });
    expect((await ask('{ list { a } }')).extensions).toBeUndefined();
  });

  it('a new schema · while a request runs · then the request ends on the previous one, which retires afterwards', async () => {
    let finish = (_value: string) => {};
    const retired = vi.fn();
    const old = aGeneration(() => new Promise<string>((resolve) => (finish = resolve)), retired);
    const { executor, ask } = anExecutor(old);
    const running = ask('{ it }');
    executor.swap(aGeneration(() => 'new'));
    expect((await ask('{ it }')).data).toEqual({ it: 'new' });
    expect(retired).not.toHaveBeenCalled();
    expect(executor.running()).toBe(1);
    finish('old');
    expect((await running).data).toEqual({ it: 'old' });
    expect(retired).toHaveBeenCalledOnce();
    expect(executor.running()).toBe(0);
  });

  it('a new schema · while nothing runs · then the previous one retires at once', () => {
    const retired = vi.fn();
    const { executor } = anExecutor(aGeneration(() => 'old', retired));
    executor.swap(aGeneration(() => 'new'));
    expect(retired).toHaveBeenCalledOnce();
  });

  it('a mutation · where only queries are allowed · not run', async () => {
    const ran = vi.fn();
    const { executor } = anExecutor(aGeneration(() => ran()));
    const request = { text: 'mutation Touch { touch }', queriesOnly: true };
    const context = aContext();
    expect(await executor.answer(request, context)).toMatchObject({
      outcome: 'NOT_A_QUERY',
      result: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
    });
    expect(ran).not.toHaveBeenCalled();
    expect(context.operation).toEqual({ name: 'Touch', type: 'mutation' });
    const { queriesOnly: _, ...allowed } = request;
    expect((await executor.answer(allowed, aContext())).outcome).toBe('EXECUTED');
    expect(ran).toHaveBeenCalledOnce();
  });
});

// The budget of a request during execution: an answer that grows past its estimate, and calls past their number.

import { makeExecutableSchema } from '@graphql-tools/schema';
import { describe, expect, it } from 'vitest';
import { OPEN_ACCESS } from '../../src/graph/access/access.ts';
import { createGraphExecutor } from '../../src/graph/executor.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { createRequestContext, type RequestContext } from '../../src/request/context.ts';
import { anOfficer } from '../request/an-identity.ts';

const aContext = (more: { maxCallsPerConnector?: number } = {}): RequestContext =>
  createRequestContext({
    requestId: 'r1',
    locale: 'en',
    identity: anOfficer('o', 'a'),
    deadlineMs: 5000,
    ...more,
  });

/** Lists hold 30 elements, three times as many as is assumed of a list that declares nothing. */
const executorWith = (limits: Partial<typeof DEFAULT_LIMITS>) =>
  createGraphExecutor(
    {
      schema: makeExecutableSchema({
        typeDefs:
          'type Query { first: String items: [Item] names: [String] } type Item { name: String items: [Item] }',
        resolvers: {
          Query: {
            first: () => 'kept',
            items: () => Array.from({ length: 30 }, () => ({ name: 'n', items: [] })),
            names: () => Array.from({ length: 30 }, () => 'n'),
          },
        },
      }),
      connectorsAt: () => [],
      access: OPEN_ACCESS,
      breakerOf: () => undefined,
      onRetired: () => {},
    },
    { limits: { ...DEFAULT_LIMITS, ...limits } },
  );

const ask = async (text: string, limits: Partial<typeof DEFAULT_LIMITS>) =>
  JSON.parse(JSON.stringify(await executorWith(limits).answer({ text, showsCost: true }, aContext())));

describe('the answer', () => {
  it('more objects than allowed · completed · then the rest is null with the reason, once in full', async () => {
    const { outcome, result } = await ask('{ first items { name } }', { maxObjects: 20 });
    expect(outcome).toBe('EXECUTED');
    expect(result.data.first).toBe('kept');
    expect(result.data.items.filter((item: unknown) => item !== null)).toHaveLength(20);
    expect(result.data.items[20]).toBeNull();
    expect(result.errors[0]).toMatchObject({
      message: 'The query is too costly. The answer has reached its limit of 20 objects; the rest is null.',
      path: ['items', 20],
      extensions: { code: 'QUERY_TOO_COSTLY' },
    });
    expect(result.errors.slice(1)).toEqual(
      Array.from({ length: 9 }, (_, i) => ({
        message: 'errors[0]',
        path: ['items', 21 + i],
        extensions: { sameAs: 0 },
      })),
    );
    expect(result.extensions.cost).toMatchObject({ requested: { objects: 10 }, limit: { objects: 20 } });
  });

  it('more bytes than allowed · of objects and of values · then null with the reason', async () => {
    const objects = await ask('{ items { name } }', { maxAnswerBytes: 1000 });
    expect(objects.result.data.items.at(-1)).toBeNull();
    expect(objects.result.errors[0].message).toMatch(/limit of 1,000 bytes/);
    const values = await ask('{ first names }', { maxAnswerBytes: 700 });
    expect(values.result.data).toEqual({ first: 'kept', names: null });
  });

  it('within the limits · then whole', async () => {
    const { result } = await ask('{ items { name } names }', { maxObjects: 30 });
    expect(result.errors).toBeUndefined();
    expect(result.extensions.cost.actual).toMatchObject({ objects: 30 });
  });
});

describe('calls', () => {
  it('to one connector · past their number · then refused, and those to another are not', () => {
    const { spendCall } = aContext({ maxCallsPerConnector: 2 });
    spendCall?.('postal');
    spendCall?.('postal');
    spendCall?.('payment');
    expect(() => spendCall?.('postal')).toThrow(
      expect.objectContaining({ code: 'QUERY_TOO_COSTLY', connector: 'postal' }),
    );
  });
});

// Ten connector schemas of public REST APIs, written from their public documentation in the spec's usual styles: each is
// read, checked, compiled and composed as it stands, and its queries answer. The answers are invented; nothing is ever
// fetched from those APIs: requests are redirected to a loopback socket on their way out. `vitest -u` writes expected.json.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type OperationDefinitionNode, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ASource, aSource, type Reply, type Seen } from '../conformance/a-source.ts';
import { aWorld, type World } from '../conformance/a-world.ts';

/** answers.json: what the API would say, and what stands in the manifest. */
interface Recorded {
  /** Every request must be meant for one of these. */
  readonly origins: readonly string[];
  readonly config?: Readonly<Record<string, unknown>>;
  /** The client's headers. */
  readonly clientHeaders?: Readonly<Record<string, string>>;
  /** Headers of requests that expected.json shows. */
  readonly shows?: readonly string[];
  /** By method and URL as sent, `GET /users/1`, with the body behind it where that makes the difference. */
  readonly answers: Readonly<Record<string, Reply>>;
}

const HERE = fileURLToPath(new URL('.', import.meta.url));
const APIS = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

let source: ASource;
beforeAll(async () => {
  source = await aSource();
});
afterAll(() => source.close());

it('ten APIs · in all versions of the spec', () => {
  const versions = APIS.map((api) => /connect\/v(0\.\d)/.exec(textOf(api, 'schema.graphql'))?.[1]);
  expect(APIS).toHaveLength(10);
  expect(new Set(versions)).toEqual(new Set(['0.1', '0.2', '0.3', '0.4']));
});

describe.each(APIS)('%s', (api) => {
  const recorded: Recorded = JSON.parse(textOf(api, 'answers.json'));
  const queries = textOf(api, 'queries.graphql');
  const operations = parse(queries).definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === 'OperationDefinition',
  );

  it('as it is written · read, checked, compiled and composed · portable, without an error', async () => {
    const world = aWorldOf(api, recorded);
    expect(world.connectors.map(({ compiled }) => compiled.portable)).toEqual([true]);
    await world.close();
  });

  it('its queries · run · answer as expected', async () => {
    const world = aWorldOf(api, recorded);
    const results: Record<string, unknown> = {};
    for (const operation of operations) {
      const name = operation.name?.value ?? '';
      results[name] = await runOne(world, queries, operation, recorded);
    }
    await world.close();
    await expect(`${JSON.stringify(results, null, 2)}\n`).toMatchFileSnapshot(`${HERE}${api}/expected.json`);
  });
});

async function runOne(
  world: World,
  queries: string,
  { name, operation }: OperationDefinitionNode,
  recorded: Recorded,
) {
  const operationName = name?.value ?? '';
  const unknown: string[] = [];
  const answer = ({ method, url, body }: Seen): Reply => {
    const known = recorded.answers[`${method} ${url} ${body}`] ?? recorded.answers[`${method} ${url}`];
    if (known === undefined) unknown.push(`${method} ${url}`);
    return known ?? { status: 599 };
  };
  const result = await world.run(queries, {
    operationName,
    answer,
    ...(recorded.clientHeaders && { headers: recorded.clientHeaders }),
  });
  expect(unknown, 'requests without a recorded answer').toEqual([]);
  for (const origin of result.origins) expect(recorded.origins).toContain(origin);
  // Requests of a query are under way together: they come in any order. Those of a mutation do not.
  const seen = operation === 'query' ? result.seen.toSorted((a, b) => (a.url < b.url ? -1 : 1)) : result.seen;
  return {
    requests: seen.map((request) => shown(request, recorded.shows ?? [])),
    data: result.data,
    ...(result.errors.length > 0 && {
      errors: result.errors.map(({ message, path, extensions }) => ({ message, path, extensions })),
    }),
    ...(result.problems.length > 0 && { problems: [...result.problems].sort() }),
  };
}

function shown({ method, url, headers, body }: Seen, names: readonly string[]) {
  const some = Object.fromEntries(
    names.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]),
  );
  return {
    request: `${method} ${url}`,
    ...(names.length > 0 && { headers: some }),
    ...(body !== '' && { body }),
  };
}

const aWorldOf = (api: string, { config = {} }: Recorded): World =>
  aWorld(source, { [api]: textOf(api, 'schema.graphql') }, { config });

function textOf(api: string, file: string): string {
  return readFileSync(`${HERE}${api}/${file}`, 'utf8');
}

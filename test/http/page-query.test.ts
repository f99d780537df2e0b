// The example query fits the schema of the gateway, whichever connectors are loaded.
import { readFile } from 'node:fs/promises';
import { buildSchema, type GraphQLSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { pageQuery, pageQueryFor } from '../../src/http/page-query.ts';

const published = await readFile(new URL('../../schema/published.graphql', import.meta.url), 'utf8');
const problemsOf = (schema: GraphQLSchema, query: string) => validate(schema, parse(query));

describe('the example query', () => {
  it('all connectors loaded · then the whole query, formatted as written', () => {
    const schema = buildSchema(published);
    expect(pageQueryFor(schema)).toBe(pageQuery);
    expect(problemsOf(schema, pageQuery)).toEqual([]);
  });

  it('a connector missing · then without its fields, and without objects that have no other field', () => {
    const schema = buildSchema(`
      type Query { dossiers(first: Int, after: String): Dossiers }
      type Dossiers { edges: [Edge] }
      type Edge { node: Dossier }
      type Dossier { code: ID applicant: Citizen business: Business }
      type Citizen { personalId: ID }
      type Business { other: ID }
    `);
    const query = pageQueryFor(schema);
    expect(problemsOf(schema, query)).toEqual([]);
    expect(query.replace(/\s+/g, ' ')).toBe(
      'query Page($first: Int = 20, $after: String) { dossiers(first: $first, after: $after) { edges { node { code applicant { personalId } } } } } ',
    );
  });
});

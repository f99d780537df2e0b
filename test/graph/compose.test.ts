import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../src/diagnostic.ts';
import { composeSchema, printPublished } from '../../src/graph/compose.ts';
import { aConnector } from '../connect/a-connector.ts';

const CORE = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
type Query { boxes: [Box!]! }
type Box { code: String! owner: Person }
type Person @key(fields: "id", resolvable: false) { id: ID! }
scalar DateTime
enum Freshness { LIVE CACHED STALE }
type Provenance @shareable { connector: String! source: String fetchedAt: DateTime! ageMs: Int! freshness: Freshness! }
`;
const CONNECT = '@connect(source: "api" http: { GET: "/people/{$this.id}" } selection: "id name")';
const core = [{ file: 'schema/core.graphql', body: CORE }];

function refusal(sdl: string): string {
  try {
    composeSchema(core, [aConnector(sdl)]);
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.message;
    throw error;
  }
  throw new Error('the subgraphs composed');
}

describe('composition', () => {
  it('a connector without @key or provenance · composed · both are added', () => {
    const published = printPublished(
      composeSchema(core, [aConnector(`type Person ${CONNECT} { id: ID! name: String }`)]),
    );
    expect(published).toContain('name: String');
    expect(published).toMatch(/provenance: Provenance\n/);
    expect(published).not.toContain('@connect');
    expect(published).not.toContain('@key');
  });

  it('a field that the store has with another type · composed · refused with file and line', () => {
    const message = refusal(
      `type Box @key(fields: "code", resolvable: false) { code: Int }\ntype Person ${CONNECT} { id: ID! name: String }`,
    );
    expect(message).toContain('FIELD_TYPE_MISMATCH Box.code');
    expect(message).toMatch(/connectors\/test\/schema\.graphql:\d+:\d+/);
    expect(message).toContain('way out:');
  });

  it('non-null fields of a connector · composed · published as nullable, the key is not', () => {
    const sdl = `type Person @connect(source: "api" http: { GET: "/p/{$this.id}" } selection: "id home { street }") {
      id: ID! home: Home! } type Home { street: String! }`;
    const published = printPublished(composeSchema(core, [aConnector(sdl)]));
    expect(published).toMatch(/home: Home\n/);
    expect(published).toMatch(/street: String\n/);
    expect(published).toMatch(/id: ID!\n/);
  });
});

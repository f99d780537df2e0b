// Personal data is reached through the row filter of the store, or as a look-up: never by a citizen through another door.

import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { openWays } from '../../../src/graph/access/open-ways.ts';

const PERSONAL = new Set(['Person.name', 'Contact.phone', 'Named.label', 'Notice.author']);

const waysOf = (sdl: string): string[] =>
  [
    ...openWays(
      buildSchema(`
      type Query { dossiers: [Dossier] dossier: Dossier ${sdl.split('---')[0]} }
      type Dossier { code: String applicant: Person }
      type Person { id: ID name: String parcel: Parcel }
      type Parcel { code: String recipient: Person }
      ${sdl.split('---')[1] ?? ''}`),
      (coordinate) => PERSONAL.has(coordinate),
    ),
  ].sort();

describe('fields that reach personal data past the row filter', () => {
  it.each<[string, string, string[]]>([
    ['none besides the dossiers', 'beds: Int', []],
    ['a root field that returns a person', 'person(id: ID): Person', ['Query.person']],
    ['a root field that leads to a person', 'parcel(code: ID): Parcel', ['Parcel.recipient']],
    [
      'a list of persons below a public object',
      'offices: [Office] --- type Office { staff: [Person!]! }',
      ['Office.staff'],
    ],
    [
      'a personal field of a public object',
      'notices: [Notice] --- type Notice { text: String author: String }',
      ['Query.notices'],
    ],
    [
      'a person behind an interface',
      'thing: Named --- interface Named { label: String } type Chair implements Named { label: String }',
      ['Query.thing'],
    ],
    [
      'a person in a union',
      'any: Any --- union Any = Person | Chair type Chair { legs: Int }',
      ['Query.any'],
    ],
    [
      'a mutation that answers with a person',
      'x: Int --- type Mutation { call(id: ID): Contact } type Contact { phone: String }',
      ['Mutation.call'],
    ],
  ])('%s', (_, sdl, expected) => {
    expect(waysOf(sdl)).toEqual(expected);
  });
});

// Every cell of docs/access-matrix.md over HTTP: each field of the schema asked by each kind of caller. For each refused cell the
// simulators count that nothing was called.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CityDossier } from '../../src/city/contract.ts';
import { AUDIENCE, aKey, anIssuer, type TestIssuer } from '../request/identity/an-issuer.ts';
import { aGateway, type TestGateway } from './a-gateway.ts';

// —— the reviewed file ——

type Sign = 'yes' | 'masked' | '–';
interface Row {
  readonly type: string;
  readonly field: string;
  readonly signs: readonly Sign[];
}

const page = await readFile(new URL('../../docs/access-matrix.md', import.meta.url), 'utf8');
const callers = (/^\| field \| (.*) \|$/m.exec(page)?.[1] ?? '').split(' | ');
const rows: readonly Row[] = page
  .split('\n## ')
  .slice(1)
  .flatMap((section) => {
    const [type = '', ...lines] = section.split('\n');
    return lines.flatMap((line) => {
      const [, field, signs] = /^\| `(\w+)` \| (.*) \|$/.exec(line) ?? [];
      return field === undefined ? [] : [{ type, field, signs: (signs ?? '').split(' | ') as Sign[] }];
    });
  });

// —— queries ——

const schema = buildSchema(
  await readFile(new URL('../../schema/published.graphql', import.meta.url), 'utf8'),
);

/** Arguments of fields that need some, or that should return data. */
let ARGUMENTS: Readonly<Record<string, string>> = {};

interface Step {
  readonly type: GraphQLObjectType;
  /** From the root to a field that returns the type, each with its arguments. */
  readonly path: readonly string[];
  readonly operation: 'query' | 'mutation';
}

/** The shortest way to each type through fields whose arguments are known. */
function waysToTypes(isOpen: (coordinate: string) => boolean): ReadonlyMap<string, Step> {
  const ways = new Map<string, Step>();
  const open: Step[] = [];
  const enter = (type: unknown, step: Omit<Step, 'type'>): void => {
    if (isAbstractType(type)) for (const possible of schema.getPossibleTypes(type)) enter(possible, step);
    else if (isObjectType(type) && !ways.has(type.name)) {
      ways.set(type.name, { ...step, type });
      open.push({ ...step, type });
    }
  };
  enter(schema.getQueryType(), { path: [], operation: 'query' });
  enter(schema.getMutationType(), { path: [], operation: 'mutation' });
  for (let step = open.shift(); step !== undefined; step = open.shift()) {
    for (const field of Object.values(step.type.getFields())) {
      const coordinate = `${step.type.name}.${field.name}`;
      if (!isOpen(coordinate) || (field.args.some(isRequiredArgument) && ARGUMENTS[coordinate] === undefined))
        continue;
      enter(getNamedType(field.type), { ...step, path: [...step.path, written(step.type.name, field.name)] });
    }
  }
  return ways;
}

const written = (type: string, field: string): string => `${field}${ARGUMENTS[`${type}.${field}`] ?? ''}`;

function queryFor({ type, field }: Row, ways: ReadonlyMap<string, Step>): string {
  const step = ways.get(type);
  if (step === undefined)
    throw new Error(`No field with known arguments leads to ${type}: add them to ARGUMENTS.`);
  const definition = step.type.getFields()[field];
  if (definition === undefined)
    throw new Error(`docs/access-matrix.md: ${type}.${field} is not in the schema.`);
  const leaf = isCompositeType(getNamedType(definition.type)) ? ' { __typename }' : '';
  const selection = `${written(type, field)}${leaf}`;
  return `${step.operation} { ${[...step.path].reduceRight((inner, outer) => `${outer} { ${inner} }`, selection)} }`;
}

/** The values at the end of a path, through lists; `undefined` where something above is null. */
function valuesAt(data: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(data)) return data.flatMap((item) => valuesAt(item, path));
  const [name, ...rest] = path;
  if (name === undefined) return [data];
  if (typeof data !== 'object' || data === null) return [];
  return valuesAt((data as Record<string, unknown>)[name], rest);
}

const namesOf = (row: Row, ways: ReadonlyMap<string, Step>): string[] => [
  ...(ways.get(row.type)?.path ?? []).map((step) => /^\w+/.exec(step)?.[0] ?? ''),
  row.field,
];

// —— the gateway ——

let folder: string;
let issuer: TestIssuer;
let gate: TestGateway;
const tokens = new Map<string, string>();
let dossier: CityDossier;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matrix-'));
  issuer = await anIssuer(await aKey('matrix'));
  const path = join(folder, 'access.yaml');
  const kinds = ['citizen', 'enterprise', 'officer', 'machine', 'staff'].map((kind) => `${kind}: ${kind}`);
  await writeFile(
    path,
    `issuers:
  - name: matrix
    issuer: ${issuer.url}
    audience: [${AUDIENCE}]
    kindByClaim: { claim: kind, values: { ${kinds.join(', ')} } }
`,
  );
  gate = await aGateway({ args: ['--access-file', path] });
  const found = gate.city.dossiers.find(
    ({ applicant, enterprise, payments, deliveries }) =>
      !applicant.unknownToPopulation &&
      enterprise?.unknownToRegistry === false &&
      payments.length > 0 &&
      deliveries.length > 0,
  );
  if (found === undefined) throw new Error('the city has such a dossier');
  dossier = found;
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const plain = { MaCanBo: undefined, MaDonVi: undefined, roles: undefined, client_id: 'matrix', exp };
  const officer = { ...plain, kind: 'officer', MaCanBo: 'CB0001', MaDonVi: 'H26' };
  const machine = { ...plain, kind: 'machine', MaDonVi: 'H26' };
  const staff = (role: string) => ({ ...plain, kind: 'staff', preferred_username: role, roles: [role] });
  const claims: Record<string, Record<string, unknown>> = {
    citizen: { ...plain, kind: 'citizen', SoDinhDanh: dossier.applicant.personalId },
    enterprise: { ...plain, kind: 'enterprise', MaSoDoanhNghiep: dossier.enterprise?.code },
    handler: { ...officer, roles: ['handler'] },
    officer,
    program: machine,
    reader: { ...machine, scope: 'dossiers:read' },
    trusted: { ...machine, scope: 'dossiers:read personal:read sensitive:read' },
    operator: staff('operator'),
    integrator: staff('integrator'),
    approver: staff('approver'),
    auditor: staff('auditor'),
  };
  for (const [name, of] of Object.entries(claims)) tokens.set(name, `Bearer ${await issuer.sign(of)}`);
  const code = `(code: ${JSON.stringify(dossier.code)})`;
  ARGUMENTS = {
    'Query.dossier': code,
    'Query.procedure': `(code: ${JSON.stringify(gate.city.procedures[0]?.code)})`,
    'Mutation.setConnectorGate': '(input: { connector: "postal", gate: AUTOMATIC })',
    'Mutation.dropConnectorCache': '(connector: "postal")',
    'Mutation.probeConnector': '(connector: "postal")',
    'Mutation.giveConsent': '(input: { connector: "population", statement: "Tôi đồng ý." })',
    'Mutation.withdrawConsent': '(id: "00000000-0000-4000-8000-000000000000")',
  };
}, 60_000);

afterAll(async () => {
  await gate?.close();
  await issuer?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const ask = (caller: string, query: string) => {
  const authorization = tokens.get(caller);
  return gate.ask(query, undefined, authorization === undefined ? { as: 'nobody' } : { authorization });
};

const REFUSALS: ReadonlySet<unknown> = new Set(['FORBIDDEN', 'UNAUTHENTICATED']);

it('the file · read · then every kind of caller and every field of the schema', () => {
  expect(callers.length).toBeGreaterThanOrEqual(12);
  const fields = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap(({ name, getFields }) =>
      Object.keys(getFields.call(schema.getType(name))).map((f) => `${name}.${f}`),
    );
  expect(new Set(rows.map(({ type, field }) => `${type}.${field}`))).toEqual(new Set(fields));
});

describe.each(callers.map((caller, column) => ({ caller, column })))('$caller', ({ caller, column }) => {
  it('every field · asked over HTTP · then as the matrix has it', async () => {
    const wrong: string[] = [];
    const signs = new Map(rows.map(({ type, field, signs: all }) => [`${type}.${field}`, all[column]]));
    // By a way that is open to the caller, where there is one.
    const ways = new Map([
      ...waysToTypes(() => true),
      ...waysToTypes((coordinate) => signs.get(coordinate) !== '–'),
    ]);
    let cells = 0;
    for (const row of rows) {
      const expected = row.signs[column];
      const query = queryFor(row, ways);
      gate.resetCalls();
      const { data, errors = [] } = await ask(caller, query);
      const refused = errors.some(({ extensions }) => REFUSALS.has(extensions.code));
      const values = valuesAt(data ?? {}, namesOf(row, ways)).filter(
        (value) => value !== null && value !== undefined,
      );
      const report = (what: string): void => void wrong.push(`${row.type}.${row.field}: ${what} by ${query}`);
      cells += 1;
      if (expected === '–') {
        const code = caller === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
        if (errors.length !== 1 || errors[0]?.extensions.code !== code)
          report(`codes ${JSON.stringify(errors)}`);
        if (values.length > 0) report(`values ${JSON.stringify(values)}`);
        if (gate.dataCalls() > 0) report(`${gate.dataCalls()} calls`);
      } else {
        if (refused) report(`refused ${JSON.stringify(errors)}`);
        if (expected === 'masked') {
          const whole = valuesAt((await ask('handler', query)).data ?? {}, namesOf(row, ways));
          const isMasked = values.length > 0 && values.every((value) => isMaskOf(value, whole));
          if (!isMasked) report(`not masked: ${JSON.stringify(values)}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(cells).toBe(rows.length);
  }, 120_000);
});

/** A date is an object here: its fields are asked in a test of their own. */
const isMaskOf = (value: unknown, whole: readonly unknown[]): boolean =>
  typeof value === 'object' || !whole.includes(value);

describe('masked values', () => {
  const QUERY = (code: string) =>
    `{ dossier(code: "${code}") { applicant { personalId fullName birthDate { year month day }
        declared { fullName birthDate { year month day } } } business { representatives { fullName } } } }`;

  it('an enterprise and an officer who handles nothing · ask for a person · then parts of the values only', async () => {
    const { personalId, fullName, birthDate } = dossier.applicant;
    const initials = fullName
      .split(' ')
      .map((word) => `${[...word][0]}.`)
      .join(' ');
    const year = { year: birthDate.year, month: null, day: null };
    for (const caller of ['enterprise', 'officer', 'reader']) {
      const { data, errors, text } = await ask(caller, QUERY(dossier.code));
      expect(errors).toBeUndefined();
      expect(data.dossier.applicant).toEqual({
        personalId: `${personalId.slice(0, 4)}*****${personalId.slice(-2)}`,
        fullName: initials,
        birthDate: year,
        declared: { fullName: initials, birthDate: year },
      });
      expect(text).not.toContain(personalId);
      expect(text).not.toContain(fullName);
      for (const { fullName: name } of data.dossier.business.representatives)
        expect(name).toMatch(/^(\p{L}\. ?)+$/u);
    }
  });
});

describe('existence', () => {
  it("another's dossier · asked by those who may not see it · then the same answer as for one that does not exist", async () => {
    const other = gate.city.dossiers.find(
      ({ applicant, enterprise, submittedBy }) =>
        applicant !== dossier.applicant &&
        enterprise !== dossier.enterprise &&
        submittedBy !== dossier.applicant,
    );
    const query = (code: string) =>
      `{ dossier(code: "${code}") { code status applicant { fullName } payments { reference } } }`;
    for (const caller of ['citizen', 'enterprise', 'operator', 'anonymous']) {
      const hidden = await ask(caller, query(other?.code ?? ''));
      const none = await ask(caller, query('000.00.00.H26-200101-0001'));
      const id = /"requestId":"[^"]*"/g;
      expect(hidden.text.replace(id, '')).toBe(none.text.replace(id, ''));
      expect(hidden.status).toBe(none.status);
      const headersOf = ({ headers }: typeof none) =>
        [...headers].filter(
          ([name]) => name !== 'x-request-id' && name !== 'date' && !name.startsWith('ratelimit'),
        );
      expect(headersOf(hidden)).toEqual(headersOf(none));
    }
  });
});

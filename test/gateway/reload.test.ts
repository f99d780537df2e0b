// A connector changed in its folder is swapped in without a restart and without cutting requests under way; a broken one
// is refused with its place and its reason, and the old schema serves on.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { wholeErrors } from '../whole-errors.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { type Answer, aGateway, type TestGateway } from './a-gateway.ts';
import { eventually } from './eventually.ts';
import { CONNECTORS, expectedNodes, nodesOf } from './expected-page.ts';

let folder: ConnectorsFolder;
let gate: TestGateway;

beforeAll(async () => {
  folder = await aConnectorsFolder({ attemptTimeoutMs: 30_000, maxWaitMs: 30_000, openMs: 600_000 });
  gate = await aGateway({ connectorsDir: folder.path, args: ['--request-deadline-ms', '60000'] });
}, 120_000);

afterAll(async () => {
  await gate?.close();
  await folder?.remove();
});

afterEach(async () => {
  for (const id of CONNECTORS) {
    gate.simulator(id).faults({});
    await folder.restore(id);
  }
  await gate.gateway.reload();
});

function expectWhole({ data, errors }: Answer): void {
  expect(errors).toBeUndefined();
  expect(nodesOf(data)).toEqual(expectedNodes(gate.city, gate.city.dossiers.slice(0, 20)));
}

/** Adds `Business.legalForm` to the registry's connector, and takes nothing away. */
const addLegalForm = (text: string): string =>
  text
    .replace(
      'status: MainInformation',
      'legalForm: MainInformation.ENTERPRISE_TYPE_NAME?\n      status: MainInformation',
    )
    .replace(
      '  status: String\n',
      '  status: String\n  "The legal form once more (loại hình). Source: business registry."\n  legalForm: String\n',
    );

const LEGAL_FORM = '{ dossiers(first: 1) { edges { node { business { legalForm type } } } } }';

describe('a changed connector', () => {
  it('a new field · reloaded · then it exists from the next request on, and only that connector is rebuilt', async () => {
    expect((await gate.ask(LEGAL_FORM)).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    await folder.edit('business-registry', 'schema.graphql', addLegalForm);
    const { rebuilt, connectors } = await gate.gateway.reload();
    expect(rebuilt).toEqual(['business-registry']);
    expect(connectors.map(({ id }) => id)).toEqual([...CONNECTORS].sort());
    const { data, errors } = await gate.ask(LEGAL_FORM);
    expect(errors).toBeUndefined();
    const type = gate.city.dossiers[0]?.enterprise?.type;
    expect(data.dossiers.edges[0].node.business).toEqual({ legalForm: type, type });
    expectWhole(await gate.page());
  });

  it('a request under way on every connector · all replaced meanwhile · then its answer is complete', async () => {
    for (const id of CONNECTORS) gate.simulator(id).faults({ hang: true });
    gate.resetCalls();
    const before = gate.page();
    await eventually(
      () => CONNECTORS.every((id) => gate.simulator(id).calls().total > 0),
      'a call to each connector',
    );

    await folder.set({ perRequest: 15 });
    await folder.edit('business-registry', 'schema.graphql', addLegalForm);
    expect([...(await gate.gateway.reload()).rebuilt].sort()).toEqual([...CONNECTORS].sort());
    // The new schema answers while the old request still waits.
    expect(
      (await gate.ask('{ __type(name: "Business") { fields { name } } }')).data.__type.fields,
    ).toContainEqual({
      name: 'legalForm',
    });
    // Replaced twice: the request keeps its schema and its connectors all the same.
    await gate.gateway.reload();

    for (const id of CONNECTORS) gate.simulator(id).faults({});
    expectWhole(await before);
    expectWhole(await gate.page());
  });

  it('continuous requests · reloaded many times · then each answer is complete', async () => {
    let asking = true;
    const askOn = async (): Promise<number> => {
      let count = 0;
      for (; asking; count++) expectWhole(await gate.page());
      return count;
    };
    const clients = [askOn(), askOn()];
    for (let round = 1; round <= 4; round++) {
      await folder.set({ probes: round + 2 });
      await gate.gateway.reload();
    }
    asking = false;
    for (const count of await Promise.all(clients)) expect(count).toBeGreaterThan(0);
  });

  it('no change · reloaded · then nothing is rebuilt', async () => {
    expect((await gate.gateway.reload()).rebuilt).toEqual([]);
  });

  it('an open breaker and a token · another connector reloaded · then both stay', async () => {
    await folder.set({ minimumCalls: 3 }, 'payment');
    await gate.gateway.reload();
    gate.simulator('payment').faults({ status: 503 });
    await gate.page();
    gate.simulator('payment').faults({});
    gate.resetCalls();

    await folder.edit('postal', 'connector.yaml', (text) =>
      text.replace('en: Vietnam Post', 'en: Viet Nam Post'),
    );
    expect((await gate.gateway.reload()).rebuilt).toEqual(['postal']);
    const { errors = [] } = await gate.page();
    expect(new Set(wholeErrors(errors).map(({ extensions }) => extensions.code))).toEqual(
      new Set(['CIRCUIT_OPEN']),
    );
    expect(gate.simulator('payment').calls().total).toBe(0);
    expect(gate.simulator('business-registry').calls().counts['POST /token']).toBeUndefined();
    const { data } = await gate.ask('{ connectors { id title breaker } }');
    expect(data.connectors).toContainEqual({
      id: 'postal',
      title: 'Viet Nam Post (MyVNPost)',
      breaker: 'CLOSED',
    });
    expect(data.connectors.find(({ id }: { id: string }) => id === 'payment').breaker).toBe('OPEN');
  });

  it('a removed connector · reloaded · then its fields are removed, and exist again when it is restored', async () => {
    await folder.remove('postal');
    const { connectors } = await gate.gateway.reload();
    expect(connectors.map(({ id }) => id)).not.toContain('postal');
    const parcel = '{ dossiers(first: 1) { edges { node { deliveries { trackingCode statusText } } } } }';
    expect((await gate.ask(parcel)).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const stub = '{ dossiers(first: 1) { edges { node { deliveries { trackingCode } } } } }';
    expect((await gate.ask(stub)).errors).toBeUndefined();
    await folder.restore('postal');
    expect((await gate.gateway.reload()).rebuilt).toEqual(['postal']);
    expectWhole(await gate.page());
  });
});

describe('a broken connector', () => {
  type Broken = readonly [
    what: string,
    id: (typeof CONNECTORS)[number],
    file: 'connector.yaml' | 'schema.graphql',
    change: (text: string) => string,
    // The line is where this text stands in the broken file; not looked at where it is empty.
    marker: string,
    says: RegExp,
  ];
  const CASES: readonly Broken[] = [
    [
      'YAML that cannot be read',
      'postal',
      'connector.yaml',
      (text) => text.replace('lifecycle: stable', 'lifecycle: [stable'),
      '',
      /ManifestSyntax/,
    ],
    [
      'a limit that is not a number',
      'payment',
      'connector.yaml',
      (text) => text.replace(/perRequest: \d+/, 'perRequest: many'),
      'perRequest: many',
      /limits\.perRequest[\s\S]*number/,
    ],
    [
      'a setting that does not exist',
      'payment',
      'connector.yaml',
      (text) => text.replace('breaker:', 'braker:'),
      '',
      /braker/,
    ],
    [
      'a secret written out',
      'payment',
      'connector.yaml',
      (text) => text.replace('$' + '{env:PAYMENT_SECRET}', 'a-secret-of-ours'),
      'secret: a-secret-of-ours',
      /signing\.secret[\s\S]*by reference/,
    ],
    [
      'SDL that cannot be read',
      'population',
      'schema.graphql',
      (text) => text.replace('type CivilAddress {', 'type CivilAddress {{'),
      'type CivilAddress {{',
      /GraphQLError: .*not valid GraphQL[\s\S]*way out/,
    ],
    [
      'a mapping that cannot be read',
      'business-registry',
      'schema.graphql',
      (text) => text.replace('name: MainInformation.NAME', 'name: MainInformation..NAME'),
      'name: MainInformation..NAME',
      /InvalidSelection/,
    ],
    [
      'a variable that does not exist',
      'population',
      'schema.graphql',
      (text) => text.replace('HoVaTen->personName', '$thes.HoVaTen->personName'),
      '$thes.HoVaTen->personName',
      /\$thes/,
    ],
    [
      'a field of another type than in the store',
      'population',
      'schema.graphql',
      (text) => text.replace('  fullName: String!', '  fullName: Int!'),
      '',
      /FIELD_TYPE_MISMATCH|fullName/,
    ],
    [
      'a field that the store owns',
      'payment',
      'schema.graphql',
      (text) =>
        text.replace(
          '  transactionId: String\n',
          '  transactionId: String\n  "The amount."\n  amount: Int\n',
        ),
      '  amount: Int',
      /INVALID_FIELD_SHARING|FIELD_TYPE_MISMATCH|Payment\.amount/,
    ],
    [
      'a field that nothing resolves',
      'business-registry',
      'schema.graphql',
      (text) => text.replace('  headOffice: String', '  headOffices: String\n  headOffice: String'),
      '  headOffices: String',
      /ConnectorsUnresolvedField Business\.headOffices/,
    ],
    [
      'an id that is not the name of its folder',
      'postal',
      'connector.yaml',
      (text) => text.replace('id: postal', 'id: post'),
      '',
      /name of its folder/,
    ],
  ];

  it.each(CASES)(
    '%s in %s · reloaded · then refused with its place, and the previous schema stays in service',
    async (...broken) => {
      const [, id, file, change, marker, says] = broken;
      let line = 0;
      await folder.edit(id, file, (text) => {
        const changed = change(text);
        line = marker === '' ? 0 : changed.split('\n').findIndex((row) => row.includes(marker)) + 1;
        return changed;
      });
      const error = await gate.gateway.reload().then(
        () => undefined,
        (reason: Error) => reason,
      );
      expect(error?.name).toBe('DiagnosticsError');
      const [, at] = error?.message.match(new RegExp(`${id}/${file}:(\\d+):\\d+ `)) ?? [];
      expect(error?.message).toContain(`${id}/${file}`);
      if (line > 0) expect(Number(at)).toBe(line);
      expect(error?.message).toMatch(says);
      expect(error?.message).not.toMatch(/\n\s+at /);
      expect(error?.message).not.toContain('a-secret-of-ours');
      expectWhole(await gate.page());
    },
  );

  it('mistakes in three connectors · reloaded · then all are reported at once', async () => {
    await folder.edit('postal', 'connector.yaml', (text) =>
      text.replace('lifecycle: stable', 'lifecycle: old'),
    );
    await folder.edit('payment', 'connector.yaml', (text) =>
      text.replace('protocol: json', 'protocol: gopher'),
    );
    await folder.edit('population', 'schema.graphql', (text) =>
      text.replace('type CivilAddress', 'typo CivilAddress'),
    );
    await expect(gate.gateway.reload()).rejects.toThrow(/payment[\s\S]*population[\s\S]*postal/);
    expectWhole(await gate.page());
  });

  it('two conflicting changes · one reverted · then the other is accepted, and works', async () => {
    const adding =
      (type: string, beforeMapping: string, read: string, afterField: string) => (text: string) =>
        `${text
          .replace(/import: \["@key"(, "@shareable")?\]/, 'import: ["@key", "@shareable"]')
          .replace(beforeMapping, `remark: { text: ${read} }\n      ${beforeMapping}`)
          .replace(afterField, `${afterField}  "A remark (ghi chú)."\n  remark: Remark\n`)}
"A remark (ghi chú)."
type Remark @shareable {
  "Its text."
  text: ${type}
}
`;
    const nationality = adding('String', 'nationality: QuocTich', 'QuocTich?', '  nationality: String\n');
    const bank = adding('Int', 'bank: MaNganHang', 'MaNganHang?', '  bank: String\n');
    await folder.edit('population', 'schema.graphql', nationality);
    await folder.edit('population', 'connector.yaml', (text) =>
      text.replace('    Citizen.gender: personal', '    Citizen.gender: personal\n    Remark.text: personal'),
    );
    await folder.edit('payment', 'schema.graphql', bank);
    await expect(gate.gateway.reload()).rejects.toThrow('OwnedByAnother Remark');
    expectWhole(await gate.page());
    await folder.restore('payment');
    expect((await gate.gateway.reload()).rebuilt).toEqual(['population']);
    expectWhole(await gate.page());
  });

  it('an open breaker · a reload refused, then corrected · then it stays open', async () => {
    await folder.set({ minimumCalls: 3 }, 'payment');
    await gate.gateway.reload();
    gate.simulator('payment').faults({ status: 503 });
    await gate.page();
    gate.simulator('payment').faults({});
    gate.resetCalls();
    await folder.edit('business-registry', 'schema.graphql', (text) =>
      text.replace('  headOffice: String', '  headOffices: String\n  headOffice: String'),
    );
    await expect(gate.gateway.reload()).rejects.toThrow('ConnectorsUnresolvedField');
    await folder.restore('business-registry');
    expect((await gate.gateway.reload()).rebuilt).toEqual([]);
    await gate.page();
    expect(gate.simulator('payment').calls().total).toBe(0);
    expect(gate.simulator('business-registry').calls().counts['POST /token']).toBeUndefined();
  });

  it('refused, then corrected · reloaded · then accepted', async () => {
    await folder.edit('postal', 'connector.yaml', (text) =>
      text.replace('lifecycle: stable', 'lifecycle: old'),
    );
    await expect(gate.gateway.reload()).rejects.toThrow('lifecycle');
    await folder.edit('postal', 'connector.yaml', (text) =>
      text.replace('lifecycle: old', 'lifecycle: deprecated'),
    );
    expect((await gate.gateway.reload()).rebuilt).toEqual(['postal']);
    expectWhole(await gate.page());
  });
});

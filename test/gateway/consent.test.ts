// Consent over HTTP: a field of the population database that needs it is fetched while the person agrees, and not before or after; also
// where its answer lies in the cache, and with the store gone.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CityDossier } from '../../src/city/contract.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { aGateway, type TestGateway } from './a-gateway.ts';

let folder: ConnectorsFolder;
let gate: TestGateway;
let own: CityDossier;
let other: CityDossier;

beforeAll(async () => {
  folder = await aConnectorsFolder();
  await folder.edit('population', 'connector.yaml', (text) =>
    `${text}\noperations:\n  Citizen:\n    cache: { ttlMs: 600000, maxAgeMs: 600000 }\n`.replace(
      'Citizen.placeOfOrigin: personal',
      'Citizen.placeOfOrigin: { classification: personal, basis: consent }',
    ),
  );
  gate = await aGateway({ connectorsDir: folder.path });
  const dossierOf = async (as: string): Promise<CityDossier> => {
    const { data } = await gate.ask('{ dossiers(first: 1) { edges { node { code } } } }', {}, { as });
    const { code } = data.dossiers.edges[0].node;
    return gate.city.dossiers.find((dossier) => dossier.code === code) as CityDossier;
  };
  own = await dossierOf('citizen');
  other = await dossierOf('citizen-2');
}, 120_000);
afterAll(async () => {
  await gate?.close();
  await folder?.remove();
});

const placeOf = async ({ code }: CityDossier, as = 'officer', more = '') => {
  gate.resetCalls();
  const answer = await gate.ask(
    `query($code: DossierCode!) { dossier(code: $code) { applicant { ${more} placeOfOrigin { provinceCode } } } }`,
    { code },
    { as },
  );
  return {
    applicant: answer.data.dossier.applicant,
    place: answer.data.dossier.applicant.placeOfOrigin,
    codes: (answer.errors ?? []).map(({ extensions, path }) => [path?.at(-1), extensions.code]),
    calls: gate.dataCalls('population'),
  };
};
const GIVE = `mutation($input: GiveConsentInput!) { giveConsent(input: $input) {
  id connector procedure fields statement givenAt withdrawnAt } }`;
const give = (input: object = {}, as = 'citizen') =>
  gate.ask(GIVE, { input: { connector: 'population', statement: 'Tôi đồng ý.', ...input } }, { as });
const withdraw = (id: string, as = 'citizen') =>
  gate.ask('mutation($id: ID!) { withdrawConsent(id: $id) { id withdrawnAt } }', { id }, { as });

const REFUSED = { place: null, codes: [['placeOfOrigin', 'FORBIDDEN']] };

describe('a field that needs consent', () => {
  it('given · then fetched; withdrawn · then FORBIDDEN and not fetched, although its answer is cached; other persons unaffected', async () => {
    expect(await placeOf(own)).toMatchObject({ ...REFUSED, calls: 0 });
    const given = await give();
    expect(given.errors).toBeUndefined();
    expect(given.data.giveConsent).toMatchObject({
      connector: 'population',
      procedure: null,
      fields: ['Citizen.placeOfOrigin'],
      withdrawnAt: null,
    });
    expect((await give()).data).toEqual(given.data);

    expect(await placeOf(own)).toMatchObject({
      place: { provinceCode: expect.any(String) },
      codes: [],
      calls: 1,
    });
    // Another officer's answer would not be shared; the same officer's is.
    expect(await placeOf(own)).toMatchObject({
      place: { provinceCode: expect.any(String) },
      codes: [],
      calls: 0,
    });
    expect(await placeOf(other)).toMatchObject({ ...REFUSED, calls: 0 });

    const { id } = given.data.giveConsent;
    expect((await withdraw(id, 'citizen-2')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await placeOf(own)).codes).toEqual([]);
    const withdrawn = await withdraw(id);
    expect(withdrawn.data.withdrawConsent).toEqual({ id, withdrawnAt: expect.any(String) });
    expect(await placeOf(own)).toMatchObject({ ...REFUSED, calls: 0 });
    const { data } = await gate.ask('{ myConsents { id withdrawnAt } }', {}, { as: 'citizen' });
    expect(data.myConsents).toEqual([withdrawn.data.withdrawConsent]);
    expect((await gate.ask('{ myConsents { id } }', {}, { as: 'citizen-2' })).data).toEqual({
      myConsents: [],
    });
  });

  it('without consent · asked with others · then the rest of the person is fetched', async () => {
    const answer = await placeOf(other, 'officer', 'fullName');
    expect(answer).toMatchObject({ ...REFUSED, calls: 1 });
    expect(answer.applicant.fullName).toBe(other.applicant.fullName);
  });

  it('of a person without a record · then the same answer as for one with a record', async () => {
    const unknown = gate.city.dossiers.find(({ applicant }) => applicant.unknownToPopulation) as CityDossier;
    const ask = ({ code }: CityDossier) =>
      gate.ask(`{ dossier(code: "${code}") { applicant { placeOfOrigin { provinceCode } } } }`);
    const id = /"requestId":"[^"]*"/g;
    expect((await ask(unknown)).text.replace(id, '')).toBe((await ask(other)).text.replace(id, ''));
  });

  it('for the procedure of the dossier only · then fetched for it and not for another', async () => {
    const procedure = gate.city.procedures.find((each) => each.id === own.procedureId)?.code;
    const another = gate.city.procedures.find((each) => each.id !== own.procedureId)?.code;
    const wrong = await give({ procedure: another });
    expect(await placeOf(own)).toMatchObject({ ...REFUSED, calls: 0 });
    const right = await give({ procedure });
    expect((await placeOf(own)).codes).toEqual([]);
    for (const { data } of [wrong, right]) await withdraw(data.giveConsent.id);
  });

  it('a connector that asks for no consent · then BAD_USER_INPUT with those that do', async () => {
    const { errors } = await give({ connector: 'postal' });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('population'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('callers who are not citizens · then FORBIDDEN at the fields', async () => {
    for (const as of ['officer', 'enterprise', 'operator', 'auditor']) {
      expect((await give({}, as)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      expect((await gate.ask('{ myConsents { id } }', {}, { as })).errors?.[0]?.extensions.code).toBe(
        'FORBIDDEN',
      );
    }
  });

  it('both actions · then in the audit trail under the digest of the person, never the number', async () => {
    const { personalId } = own.applicant;
    const { text, data } = await gate.ask(
      `query($of: PersonalId!) { auditTrail(filter: { personalId: $of }, first: 100) {
        edges { node { kind actorKind actor subject system operation outcome } } } }`,
      { of: personalId },
      { as: 'auditor' },
    );
    const actions = data.auditTrail.edges
      .map(({ node }: { node: { kind: string } }) => node)
      .filter(({ kind }: { kind: string }) => kind === 'ACTION');
    for (const operation of ['giveConsent', 'withdrawConsent']) {
      const node = actions.find(
        (each: { operation: string; outcome: string }) =>
          each.operation === operation && each.outcome === 'OK',
      );
      expect(node).toMatchObject({ actorKind: 'citizen', system: 'population' });
      expect(node.actor).toBe(node.subject);
    }
    expect(text).not.toContain(personalId);
    expect(gate.log.join('\n')).not.toContain(personalId);
  });
});

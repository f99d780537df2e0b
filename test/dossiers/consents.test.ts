// Consents in the store, on PGlite and on PostgreSQL: who may give and withdraw which, what is in force, and what is recorded.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsentRequest, createConsents } from '../../src/dossiers/consents.ts';
import { GatewayError } from '../../src/errors.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { type StorePlace, storeCases } from '../store/each-store.ts';

const AN = '001092000001';
const BINH = '001092000002';
const ASKING = new Map([
  ['health', ['Citizen.illness', 'Citizen.bloodType']],
  ['bank', ['Citizen.account']],
]);
const PROCEDURE = '1.000001';
const catalogue = {
  current: () => ({ proceduresByCode: new Map([[PROCEDURE, { code: PROCEDURE }]]) }) as never,
};
const digestOf = (personalId: string) => `digest-of_${[...personalId].reverse().join('')}`;

interface Record_ {
  readonly operation: string;
  readonly system: string;
  readonly outcome: string;
  readonly subject: string | null | undefined;
}

function aRequest(actor: ConsentRequest['identity']['actor'] | string, refusal?: Error) {
  const records: Record_[] = [];
  const request: ConsentRequest = {
    identity: {
      actor: typeof actor === 'string' ? { kind: 'citizen', personalId: actor } : actor,
      client: { id: 'portal' },
    },
    signal: new AbortController().signal,
    audit: {
      admit: () => {
        if (refusal !== undefined) throw refusal;
      },
      acted: (operation, system, outcome, subject) =>
        void records.push({ operation, system, outcome, subject }),
    },
  };
  return { request, records };
}

describe.each(storeCases)('consents on $kind', ({ place: makePlace }) => {
  let place: StorePlace;
  let store: Store;
  beforeAll(async () => {
    place = await makePlace();
    store = await openStore(place.options);
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    await place?.drop();
  });

  const consents = (of: Pick<Store, 'run'> = store) => createConsents(of, catalogue, digestOf);
  const resolvers = (asking: ReadonlyMap<string, readonly string[]> = ASKING) =>
    consents().resolversFor(asking);
  const give = (
    personalId: string,
    input: { connector: string; procedure?: string; statement?: string },
    asking = ASKING,
  ) =>
    resolvers(asking).Mutation.giveConsent(
      null,
      { input: { statement: 'Tôi đồng ý.', ...input } },
      aRequest(personalId).request,
    );
  const withdraw = (personalId: string, id: string) =>
    resolvers().Mutation.withdrawConsent(null, { id }, aRequest(personalId).request);
  const mine = (personalId: string) => resolvers().Query.myConsents(null, null, aRequest(personalId).request);
  const inForce = async (...personalIds: string[]) => consents().read(personalIds, aRequest(AN).request);

  it('given, given again, withdrawn, given anew · then one in force at a time, and the history stays', async () => {
    const first = await give(AN, { connector: 'health' });
    expect(first).toMatchObject({
      connector: 'health',
      procedure: null,
      fields: ['Citizen.bloodType', 'Citizen.illness'],
      statement: 'Tôi đồng ý.',
      client: 'portal',
      withdrawnAt: null,
    });
    expect(first.givenAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await give(AN, { connector: 'health', statement: 'Lần hai.' })).toEqual(first);
    expect(await inForce(AN, BINH)).toEqual([
      [{ connector: 'health', procedure: null, fields: new Set(['Citizen.bloodType', 'Citizen.illness']) }],
      [],
    ]);

    const withdrawn = await withdraw(AN, first.id);
    expect(withdrawn).toMatchObject({ id: first.id, withdrawnAt: expect.any(String) });
    expect(await withdraw(AN, first.id.toUpperCase())).toEqual(withdrawn);
    expect(await inForce(AN)).toEqual([[]]);

    const second = await give(AN, { connector: 'health' });
    expect(second.id).not.toBe(first.id);
    expect((await mine(AN)).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await mine(BINH)).toEqual([]);
    await withdraw(AN, second.id);
  });

  it('to one procedure, to every procedure and to another connector · then three consents', async () => {
    const given = [
      await give(BINH, { connector: 'health', procedure: PROCEDURE }),
      await give(BINH, { connector: 'health' }),
      await give(BINH, { connector: 'bank' }),
    ];
    expect(new Set(given.map(({ id }) => id)).size).toBe(3);
    expect(
      (await inForce(BINH))[0]?.map(({ connector, procedure }) => [connector, procedure]).sort(),
    ).toEqual([
      ['bank', null],
      ['health', null],
      ['health', PROCEDURE],
    ]);
    for (const { id } of given) await withdraw(BINH, id);
  });

  it('a field that comes to need consent · then the old consent does not cover it, and a new one replaces the old', async () => {
    const old = await give(AN, { connector: 'bank' });
    const more = new Map([['bank', ['Citizen.account', 'Citizen.income']]]);
    const renewed = await give(AN, { connector: 'bank' }, more);
    expect(renewed.fields).toEqual(['Citizen.account', 'Citizen.income']);
    expect((await inForce(AN))[0]?.map(({ fields }) => [...fields])).toEqual([renewed.fields]);
    expect((await mine(AN)).find(({ id }) => id === old.id)?.withdrawnAt).not.toBeNull();
    // Fewer fields than agreed to: nothing to agree to anew.
    expect(await give(AN, { connector: 'bank' })).toEqual(renewed);
    await withdraw(AN, renewed.id);
  });

  it('given by twenty requests at once · then one consent', async () => {
    const given = await Promise.all(Array.from({ length: 20 }, () => give(AN, { connector: 'bank' })));
    expect(new Set(given.map(({ id }) => id)).size).toBe(1);
    await withdraw(AN, given[0]?.id ?? '');
  });

  it("another person's consent, an unknown id, no id at all · withdrawn · then the same error, and it stays in force", async () => {
    const { id } = await give(AN, { connector: 'health' });
    const errors = [];
    for (const tried of [id, '00000000-0000-4000-8000-000000000000', "' or true --", '', '\u0000'])
      errors.push(await withdraw(BINH, tried).catch((error: GatewayError) => error));
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT', reason: (errors[0] as GatewayError).reason });
    }
    expect((await inForce(AN))[0]).toHaveLength(1);
    await withdraw(AN, id);
  });

  it.each([
    ['an unknown connector', { connector: 'postal' }, 'Those that do: health, bank.'],
    ['an unknown procedure', { connector: 'health', procedure: '9.999999' }, 'no such procedure'],
    ['no text', { connector: 'health', statement: ' \n' }, '1 to 4,000 characters'],
    ['a long text', { connector: 'health', statement: 'ý'.repeat(4001) }, 'found 4,001'],
    ['a text that cannot be stored', { connector: 'health', statement: 'a\u0000' }, 'U+0000'],
    ['a text with the own number', { connector: 'health', statement: `Tôi, ${AN}` }, 'Remove it'],
  ])('%s · then BAD_USER_INPUT that says what is expected, nothing stored', async (_name, input, text) => {
    const error = await give(AN, input).catch((refused: GatewayError) => refused);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', reason: { en: expect.stringContaining(text) } });
    expect(JSON.stringify(error)).not.toContain(AN);
    expect(await inForce(AN)).toEqual([[]]);
  });

  it('each action · then recorded with connector, outcome and person; not begun while nothing can be recorded', async () => {
    const { request, records } = aRequest(AN);
    const { giveConsent, withdrawConsent } = resolvers().Mutation;
    const input = { connector: 'health', statement: 'Tôi đồng ý.' };
    const { id } = await giveConsent(null, { input }, request);
    await giveConsent(null, { input: { ...input, connector: 'x' } }, request).catch(() => {});
    await withdrawConsent(null, { id }, request);
    expect(records).toEqual([
      { operation: 'giveConsent', system: 'health', outcome: 'OK', subject: AN },
      { operation: 'giveConsent', system: 'gateway', outcome: 'BAD_USER_INPUT', subject: AN },
      { operation: 'withdrawConsent', system: 'health', outcome: 'OK', subject: AN },
    ]);
    const blocked = aRequest(AN, new GatewayError('AUDIT_UNAVAILABLE')).request;
    await expect(giveConsent(null, { input }, blocked)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(await inForce(AN)).toEqual([[]]);
  });

  it('callers who are not citizens · then FORBIDDEN; without sign-in UNAUTHENTICATED', async () => {
    const code = (kind: ConsentRequest['identity']['actor']) =>
      resolvers()
        .Query.myConsents(null, null, aRequest(kind).request)
        .catch((error: GatewayError) => error.code);
    expect(await code({ kind: 'officer', agency: 'H26' })).toBe('FORBIDDEN');
    expect(await code({ kind: 'enterprise', code: '0100109106' })).toBe('FORBIDDEN');
    expect(await code({ kind: 'anonymous' })).toBe('UNAUTHENTICATED');
  });

  it('the table · then holds digests and no personal identification number', async () => {
    await give(AN, { connector: 'health' });
    const rows = JSON.stringify(await store.db.selectFrom('consents').selectAll().execute());
    expect(rows).toContain(digestOf(AN));
    expect(rows).not.toContain(AN);
  });

  it('the look-up for many persons · then one statement', async () => {
    const names: string[] = [];
    const counting = {
      run: ((statement, params, signal) => {
        names.push(statement.name);
        return store.run(statement, params, signal);
      }) as Store['run'],
    };
    const people = Array.from({ length: 500 }, (_, i) => String(i).padStart(12, '0'));
    const found = await consents(counting).read([...people, AN], aRequest(AN).request);
    expect(found.map(({ length }) => length)).toEqual([...people.map(() => 0), 1]);
    expect(names).toEqual(['lt_consents_active']);
  });

  it('a request that has ended · then its look-up is ended with its reason', async () => {
    const signal = AbortSignal.abort(new GatewayError('DEADLINE_EXCEEDED'));
    await expect(consents().read([AN], { signal })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });
});

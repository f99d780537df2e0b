// The four connectors against their simulators, through the real upstream: what comes out is exactly what the city says,
// without a single problem of a mapping. This is what the page query rests on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulator as registry } from '../../connectors/business-registry/simulator.ts';
import { simulator as platform } from '../../connectors/payment/simulator.ts';
import { simulator as population } from '../../connectors/population/simulator.ts';
import { simulator as post } from '../../connectors/postal/simulator.ts';
import type { RunningSimulator, SimulatorDefinition } from '../../src/simulator/kit.ts';
import { type AConnector, aConnector } from './a-connector.ts';
import { aCity, aSimulator, found, NOON } from './a-simulator.ts';

const city = aCity(600);
const now = () => NOON;
const running: { simulator: RunningSimulator; connector: AConnector }[] = [];

/** Asks for all of them, twenty at a time, as a page does. */
async function forEach<T>(list: Iterable<T>, run: (item: T) => Promise<void>): Promise<void> {
  const left = [...list];
  const worker = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await run(item);
  };
  await Promise.all(Array.from({ length: 20 }, worker));
}

async function start(definition: SimulatorDefinition): Promise<AConnector> {
  const simulator = await aSimulator(definition, city, now);
  const connector = aConnector(simulator, now);
  running.push({ simulator, connector });
  return connector;
}

afterAll(async () => {
  for (const { simulator, connector } of running) {
    await connector.close();
    await simulator.close();
  }
});

const iso = (at: number): string => `${new Date(at + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;

describe('population', () => {
  let connector: AConnector;
  beforeAll(async () => {
    connector = await start(population);
  });

  it('every applicant · the record of the city, no problem', async () => {
    await forEach(city.people.values(), async (person) => {
      const { personalId, fullName, birthDate, gender, permanentAddress } = person;
      const { value, problems, notFound } = await connector.ask(
        'Citizen',
        { personalId, declared: { fullName, birthDate } },
        {
          call: { id: `call-${person.personalId.slice(6)}` },
          purpose: { dossier: 'x', procedure: '1.005129' },
          actor: { officer: 'CB0001', agency: 'H26' },
        },
      );
      expect(notFound).toBe(person.unknownToPopulation);
      expect(problems.count).toBe(0);
      if (notFound) return;
      const { districtCode, ...address } = permanentAddress;
      expect(value).toMatchObject({
        personalId,
        fullName,
        birthDate,
        gender,
        permanentAddress: {
          ...address,
          ...(districtCode === null ? {} : { districtCode }),
          countryCode: 'VN',
        },
        placeOfOrigin: { provinceCode: person.originProvinceCode },
      });
    });
  });

  it('without a purpose · the database refuses, and so does the connector', async () => {
    const person = found(city.people.values(), (p) => !p.unknownToPopulation);
    const key = { personalId: person.personalId, declared: person };
    await expect(connector.ask('Citizen', key, { call: { id: 'x' } })).rejects.toMatchObject({
      code: 'UPSTREAM_REFUSED',
    });
  });
});

describe('business-registry', () => {
  it('every enterprise · name, type, status, head office, all representatives, one token, no problem', async () => {
    const connector = await start(registry);
    await forEach(city.enterprises.values(), async (enterprise) => {
      const { code, name, type, status, headOffice, representatives } = enterprise;
      const { value, problems, notFound } = await connector.ask('Business', { code });
      expect([notFound, problems.count]).toEqual([enterprise.unknownToRegistry, 0]);
      if (!notFound) {
        expect(value).toEqual({
          code,
          name,
          type,
          status,
          headOffice,
          representatives: representatives.map((fullName) => ({ fullName })),
        });
      }
    });
    // Twenty callers began at once without a token: one was fetched for all.
    expect(running.at(-1)?.simulator.calls().counts).toMatchObject({ 'POST /token': 1 });
  });
});

describe('payment', () => {
  it('every payment · state, time, transaction and bank, no problem', async () => {
    const connector = await start(platform);
    await forEach(city.payments.values(), async ({ reference, status, paidAt, transactionId, bank }) => {
      const { value, problems } = await connector.ask('Payment', { reference }, { request: { at: NOON } });
      expect(problems.count).toBe(0);
      expect(value).toEqual({
        reference,
        status,
        paidAt: paidAt === null ? null : iso(paidAt),
        transactionId,
        bank,
      });
    });
    expect(await connector.ask('Payment', { reference: 'dvcNone' }, { request: { at: NOON } })).toMatchObject(
      {
        notFound: true,
      },
    );
  });
});

describe('postal', () => {
  it('every parcel · status, words, dates and history, no problem', async () => {
    const connector = await start(post);
    await forEach(city.deliveries.values(), async ({ trackingCode, events }) => {
      const order = await connector.ask('Delivery', { trackingCode });
      const history = await connector.ask('Delivery.events', { trackingCode });
      const last = events.at(-1);
      expect([order.problems.count, history.problems.count]).toEqual([0, 0]);
      expect(order.value).toMatchObject({
        trackingCode,
        statusText: last?.statusText,
        statusAt: iso(Number(last?.at)),
      });
      expect(history.value).toMatchObject(events.map(({ at, statusText }) => ({ at: iso(at), statusText })));
      expect(JSON.stringify(history.value)).not.toContain('UNKNOWN');
    });
  });
});

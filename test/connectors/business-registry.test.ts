// The business registry's simulator against plain requests: token, enterprise, quirks, refusals.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulator as definition } from '../../connectors/business-registry/simulator.ts';
import type { RunningSimulator } from '../../src/simulator/kit.ts';
import { aCity, aSimulator, ask, basic, found, NOON } from './a-simulator.ts';

const city = aCity();
let now = NOON;
let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await aSimulator(definition, city, () => now);
});
afterAll(() => simulator.close());

const signIn = (
  secret = simulator.secrets.BUSINESS_REGISTRY_CLIENT_SECRET,
  body = 'grant_type=client_credentials',
) =>
  ask(`${simulator.url}/token`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: basic(String(simulator.secrets.BUSINESS_REGISTRY_CLIENT_ID), String(secret)),
    },
    body,
  });

const get = async (code: string, token?: string) =>
  ask(`${simulator.url}/apiCSDLDKDN/1.0/chiTietDoanhNghiep?msdn=${code}`, {
    headers: { authorization: `Bearer ${token ?? JSON.parse((await signIn()).text).access_token}` },
  });

describe('token', () => {
  it('right credentials · a bearer token for an hour', async () => {
    const { status, text } = await signIn();
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
  });

  it('wrong secret · 401; another grant · 400', async () => {
    expect((await signIn('wrong')).status).toBe(401);
    expect((await signIn(undefined, 'grant_type=password')).status).toBe(400);
  });

  it('no token, an unknown token, an expired token · 401 of WSO2', async () => {
    const token = JSON.parse((await signIn()).text).access_token;
    expect((await get('0195000000', 'unknown')).status).toBe(401);
    expect((await get('0195000000', token)).status).toBe(200);
    now += 3_600_001;
    const { status, text } = await get('0195000000', token);
    expect(status).toBe(401);
    expect(JSON.parse(text).fault.code).toBe(900901);
  });
});

describe('enterprise', () => {
  it('every enterprise of the city · its own data, unless unknown to the registry', async () => {
    const token = JSON.parse((await signIn()).text).access_token;
    const shapes = new Set<string>();
    for (const enterprise of city.enterprises.values()) {
      const { status, text } = await get(enterprise.code, token);
      const { MainInformation, HOAdress, Representatives } = JSON.parse(text).Data;
      expect(status).toBe(200);
      if (enterprise.unknownToRegistry) {
        expect(MainInformation).toBeNull();
        continue;
      }
      expect(MainInformation).toMatchObject({ ENTERPRISE_GDT_CODE: enterprise.code, NAME: enterprise.name });
      expect(HOAdress.AddressFullText).toBe(enterprise.headOffice);
      shapes.add(Array.isArray(Representatives) ? `array of ${Representatives.length}` : 'object');
    }
    expect([...shapes].sort()).toEqual(['array of 1', 'array of 2', 'array of 3', 'object']);
  });

  it('an unknown code · 200 with MainInformation null; an invalid code · 400', async () => {
    const unknown = found(['0195000000', '0195000001'], (code) => !city.enterprises.has(code));
    const { status, text } = await get(unknown);
    expect(status).toBe(200);
    expect(JSON.parse(text).Data.MainInformation).toBeNull();
    expect((await get('12')).status).toBe(400);
  });
});

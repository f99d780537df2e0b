// The postal simulator against plain requests: login, order, history, an expired token.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulator as definition } from '../../connectors/postal/simulator.ts';
import { formatVietnamTime, type RunningSimulator } from '../../src/simulator/kit.ts';
import { aCity, aSimulator, ask, NOON } from './a-simulator.ts';

const city = aCity();
let now = NOON;
let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await aSimulator(definition, city, () => now);
});
afterAll(() => simulator.close());

async function signIn(change: Record<string, unknown> = {}) {
  const { POSTAL_USERNAME, POSTAL_PASSWORD, POSTAL_CUSTOMER_CODE } = simulator.secrets;
  const { text } = await ask(`${simulator.url}/GetAccessToken`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username: POSTAL_USERNAME,
      password: POSTAL_PASSWORD,
      customerCode: POSTAL_CUSTOMER_CODE,
      ...change,
    }),
  });
  return JSON.parse(text) as { success: boolean; token?: string };
}

async function get(path: string, token?: string) {
  const headers = { token: token ?? String((await signIn()).token) };
  const { status, text } = await ask(simulator.url + path, { headers });
  return { status, body: JSON.parse(text) };
}

describe('login', () => {
  it('wrong password, wrong customer, not JSON · no token', async () => {
    expect(await signIn({ password: 'wrong' })).toMatchObject({ success: false });
    expect(await signIn({ customerCode: 7 })).toMatchObject({ success: false });
    const answer = await ask(`${simulator.url}/GetAccessToken`, { method: 'POST', body: 'hello' });
    expect(JSON.parse(answer.text).success).toBe(false);
  });

  it('a token after half an hour · 401, and a new one works', async () => {
    const { token } = await signIn();
    expect((await get('/getOrder?itemCode=x', token)).status).toBe(200);
    now += 30 * 60_000;
    expect((await get('/getOrder?itemCode=x', token)).status).toBe(401);
    expect((await get('/getOrder?itemCode=x')).status).toBe(200);
  });
});

describe('parcel', () => {
  it('every parcel of the city · its last status, and its history with Vietnamese dates', async () => {
    const { token } = await signIn();
    for (const parcel of city.deliveries.values()) {
      const order = await get(`/getOrder?itemCode=${parcel.trackingCode}`, token);
      const history = await get(`/GetStatusHistoryOrder?itemCode=${parcel.trackingCode}`, token);
      const last = parcel.events.at(-1);
      expect(order.body.data).toMatchObject({
        itemCode: parcel.trackingCode,
        status: last?.status,
        statusName: last?.statusText,
      });
      expect(history.body.data.map((row: { statusDate: string }) => row.statusDate)).toEqual(
        parcel.events.map((event) => formatVietnamTime(event.at, 'dd/MM/yyyy HH:mm:ss')),
      );
    }
  });

  it('an unknown code · success false and no data', async () => {
    const { status, body } = await get('/getOrder?itemCode=EH000000000VN');
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: false, data: null });
  });
});

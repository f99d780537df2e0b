// Simulates the customer API of MyVNPost in the wire format that README.md describes: a login token in the header `token`, then
// a parcel and its history by tracking code.

import { HttpResponse, http } from 'msw';
import {
  type CityDelivery,
  defineSimulator,
  formatVietnamTime,
  isSameSecret,
  type SimulatorContext,
} from '#connector';

const TOKEN_LIFE_MS = 30 * 60_000;
const DATE = 'dd/MM/yyyy HH:mm:ss';

export const simulator = defineSimulator({
  id: 'postal',
  secrets: {
    POSTAL_USERNAME: 'demo-city',
    POSTAL_PASSWORD: 'demo-postal-password',
    POSTAL_CUSTOMER_CODE: 'C000000001',
  },
  signInPaths: ['/GetAccessToken'],
  create: (world) => {
    const tokens = createTokens(world);
    const withParcel =
      (write: (parcel: CityDelivery) => unknown) =>
      ({ request }: { request: Request }): Response => {
        const denied = tokens.check(request);
        if (denied !== null) return denied;
        const parcel = world.city.deliveries.get(new URL(request.url).searchParams.get('itemCode') ?? '');
        return parcel === undefined
          ? HttpResponse.json({ success: false, message: 'Không tìm thấy đơn hàng', data: null })
          : HttpResponse.json({ success: true, message: '', data: write(parcel) });
      };
    return {
      handlers: [
        http.post('/GetAccessToken', async ({ request }) => tokens.issue(await request.text())),
        http.get('/getOrder', withParcel(writeOrder)),
        http.get('/GetStatusHistoryOrder', withParcel(writeHistory)),
      ],
    };
  },
});

// —— tokens ——

function createTokens({ secrets, now }: SimulatorContext) {
  const expiries = new Map<string, number>();
  let issued = 0;

  return {
    issue(body: string): Response {
      const { username, password, customerCode } = readLogin(body);
      const isKnown =
        isSameSecret(username, secrets.POSTAL_USERNAME ?? '') &&
        isSameSecret(password, secrets.POSTAL_PASSWORD ?? '') &&
        isSameSecret(customerCode, secrets.POSTAL_CUSTOMER_CODE ?? '');
      if (!isKnown) return HttpResponse.json({ success: false, message: 'Sai tài khoản hoặc mật khẩu' });
      issued += 1;
      const token = `demo-postal-token-${issued}`;
      for (const [old, expiry] of expiries) if (expiry < now()) expiries.delete(old);
      expiries.set(token, now() + TOKEN_LIFE_MS);
      return HttpResponse.json({ success: true, token });
    },

    check: (request: Request): Response | null =>
      (expiries.get(request.headers.get('token') ?? '') ?? 0) > now()
        ? null
        : HttpResponse.json(
            { success: false, message: 'Token không hợp lệ hoặc đã hết hạn' },
            { status: 401 },
          ),
  };
}

function readLogin(body: string): { username: string; password: string; customerCode: string } {
  let value: Record<string, unknown> = {};
  try {
    value = Object(JSON.parse(body)) as Record<string, unknown>;
  } catch {
    // A body that is not JSON is treated as a wrong account.
  }
  const text = (name: string): string => (typeof value[name] === 'string' ? value[name] : '');
  return { username: text('username'), password: text('password'), customerCode: text('customerCode') };
}

// —— the parcel ——

function writeOrder(parcel: CityDelivery) {
  const last = parcel.events[parcel.events.length - 1];
  return {
    itemCode: parcel.trackingCode,
    createdDate: formatVietnamTime(parcel.orderedAt, DATE),
    status: last?.status ?? 1,
    statusName: last?.statusText ?? '',
    statusDate: formatVietnamTime(last?.at ?? parcel.orderedAt, DATE),
    serviceCode: 'CPN',
    weight: 50,
  };
}

const writeHistory = (parcel: CityDelivery) =>
  parcel.events.map((event) => ({
    itemCode: parcel.trackingCode,
    status: event.status,
    statusName: event.statusText,
    statusDate: formatVietnamTime(event.at, DATE),
  }));

// Simulates the national business registry on NGSP, in the wire format that README.md describes: a token for client
// credentials, then one enterprise by its code.

import { HttpResponse, http } from 'msw';
import {
  type CityEnterprise,
  defineSimulator,
  isOneIn,
  isSameSecret,
  readBasic,
  type SimulatorContext,
} from '#connector';

const TOKEN_LIFE_MS = 3_600_000;

export const simulator = defineSimulator({
  id: 'business-registry',
  secrets: {
    BUSINESS_REGISTRY_CLIENT_ID: 'demo-consumer-key',
    BUSINESS_REGISTRY_CLIENT_SECRET: 'demo-consumer-secret',
  },
  signInPaths: ['/token'],
  create: (world) => {
    const tokens = createTokens(world);
    return {
      handlers: [
        http.post('/token', async ({ request }) => tokens.issue(request, await request.text())),
        http.get('/apiCSDLDKDN/1.0/chiTietDoanhNghiep', ({ request }) => {
          const denied = tokens.check(request);
          if (denied !== null) return denied;
          const code = new URL(request.url).searchParams.get('msdn') ?? '';
          if (!/^\d{10}(-\d{3})?$/.test(code)) {
            return HttpResponse.json({ Data: null, Message: 'msdn: expected 10 digits' }, { status: 400 });
          }
          const enterprise = world.city.enterprises.get(code);
          return HttpResponse.json(
            enterprise === undefined || enterprise.unknownToRegistry
              ? NOT_FOUND
              : writeEnterprise(enterprise),
          );
        }),
      ],
    };
  },
});

// —— tokens, as the WSO2 API manager issues them ——

function createTokens({ secrets, now }: SimulatorContext) {
  const expiries = new Map<string, number>();
  let issued = 0;

  return {
    issue(request: Request, form: string): Response {
      const sent = readBasic(request.headers.get('authorization'));
      const isKnown =
        sent !== null &&
        isSameSecret(sent.user, secrets.BUSINESS_REGISTRY_CLIENT_ID ?? '') &&
        isSameSecret(sent.password, secrets.BUSINESS_REGISTRY_CLIENT_SECRET ?? '');
      if (!isKnown) {
        const error = 'A valid OAuth client could not be found';
        return HttpResponse.json({ error: 'invalid_client', error_description: error }, { status: 401 });
      }
      if (new URLSearchParams(form).get('grant_type') !== 'client_credentials') {
        return HttpResponse.json({ error: 'unsupported_grant_type' }, { status: 400 });
      }
      issued += 1;
      const token = `demo-registry-token-${issued}`;
      for (const [old, expiry] of expiries) if (expiry < now()) expiries.delete(old);
      expiries.set(token, now() + TOKEN_LIFE_MS);
      return HttpResponse.json({
        access_token: token,
        scope: 'am_application_scope default',
        token_type: 'Bearer',
        expires_in: TOKEN_LIFE_MS / 1000,
      });
    },

    check(request: Request): Response | null {
      const token = request.headers.get('authorization')?.match(/^Bearer (\S+)$/)?.[1];
      if ((expiries.get(token ?? '') ?? 0) > now()) return null;
      const fault = { code: 900901, message: 'Invalid Credentials', description: 'Access failure for API' };
      return HttpResponse.json({ fault }, { status: 401 });
    },
  };
}

// —— the enterprise ——

const NOT_FOUND = { Data: { MainInformation: null, HOAdress: null, Representatives: null } };

function writeEnterprise(enterprise: CityEnterprise) {
  const representatives = enterprise.representatives.map((name) => ({
    FULL_NAME: name,
    POSITION_NAME: 'Giám đốc',
  }));
  const [only] = representatives;
  // The registry usually returns one representative as an object and sometimes as an array; it returns several as an array.
  const isObject = representatives.length === 1 && !isOneIn(3, enterprise.code);
  return {
    Data: {
      MainInformation: {
        NAME: enterprise.name,
        ENTERPRISE_GDT_CODE: enterprise.code,
        ENTERPRISE_TYPE_NAME: enterprise.type,
        ENTERPRISE_STATUS_NAME: enterprise.status,
        NAME_F: null,
        SHORT_NAME: '',
      },
      HOAdress: { AddressFullText: enterprise.headOffice },
      Representatives: isObject ? only : representatives,
    },
  };
}

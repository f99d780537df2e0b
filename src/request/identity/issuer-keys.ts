// The keys of an issuer in the access file: whom its tokens name, how they are verified, and what each claim means. The only
// source of defaults, units, ranges and descriptions.

import { z } from 'zod';
import { about, secret, text } from '../../manifest-keys.ts';
import { ROLES } from './identity.ts';

/** What the subject of a token can be. */
export const KINDS = ['citizen', 'enterprise', 'officer', 'machine', 'staff'] as const;
export type Kind = (typeof KINDS)[number];

/** Signature algorithms with a public and a private key. `none` and shared secrets cannot be allowed. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])$/;

/** Keys and answers about tokens decide who may see what, so they travel encrypted; loopback is exempt. */
const secureUrl = text.refine(
  (value) => {
    const url = URL.parse(value);
    if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
    return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  },
  { error: 'an https URL without user, password and fragment (http on loopback only)' },
);

const seconds = (min: number, max: number) => z.number().int().min(min).max(max).meta({ unit: 's' });

const claim = (name: string, description: string) =>
  text
    .max(200)
    .default(name)
    .meta(about(`${description} A name with dots is also read as a path.`, name));

const claimsKeys = z.strictObject({
  personalId: claim('SoDinhDanh', 'Claim with the personal identification number (số định danh cá nhân).'),
  enterpriseCode: claim('MaSoDoanhNghiep', 'Claim with the enterprise code (mã số doanh nghiệp).'),
  officer: claim('MaCanBo', 'Claim with the officer code (mã cán bộ).'),
  agency: claim('MaDonVi', "Claim with the code of the officer's or the machine's agency (mã đơn vị)."),
  name: claim(
    'preferred_username',
    'Claim with the name under which the actions of staff are recorded; never a personal identification number.',
  ),
  roles: claim(
    'roles',
    'Claim with the roles: a list, or one name, which may contain spaces. The claim with the scopes may be given: names separated by spaces.',
  ),
  scopes: claim('scope', 'Claim with the OAuth scopes: names separated by spaces, or a list.'),
  client: claim('client_id', 'Claim with the client id; `azp` is read where it is absent.'),
});

const introspectionKeys = z.strictObject({
  url: secureUrl.meta(about('Introspection endpoint (RFC 7662).', 'https://sso.example.gov.vn/introspect')),
  clientId: text.meta(about('Id of the gateway at the issuer.', 'lienthong')),
  clientSecret: secret.meta(
    about('Secret of the gateway at the issuer, by reference.', '${env:SSO_CLIENT_SECRET}'),
  ),
  tokens: z
    .enum(['all', 'opaque', 'jwt'])
    .default('all')
    .meta(
      about(
        'Which tokens are introspected. `all`: JWTs too, so that a revocation applies to them. `opaque`: a JWT holds until it expires. `jwt`: opaque tokens are refused.',
        'all',
      ),
    ),
  cacheSeconds: seconds(0, 60)
    .default(30)
    .meta(
      about(
        'How long an answer is used again: a revoked token is accepted for at most this time. 0: each request asks.',
        30,
      ),
    ),
  userinfo: secureUrl
    .optional()
    .meta(
      about(
        'Endpoint that answers with the claims of the person, for issuers whose introspection has none, such as the national portal. It is called by POST with the token.',
        'https://sso.example.gov.vn/userinfo',
        { whenAbsent: 'The claims are those of the introspection.' },
      ),
    ),
});

const kindByClaimKeys = z.strictObject({
  claim: text.meta(about('Claim that says the kind.', 'LoaiTaiKhoan')),
  values: z
    .record(text, z.enum(KINDS))
    .refine((values) => Object.keys(values).length > 0, 'at least one value')
    .meta(about('The kind for each value of the claim.', { 1: 'citizen', 2: 'enterprise' })),
});

export const issuerKeys = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[a-z][a-z0-9-]{0,31}$/,
        'lower-case letters, digits and "-", starting with a letter, at most 32',
      )
      .meta(about('Name of the issuer in the log and in the audit trail.', 'national-portal')),
    issuer: secureUrl.meta(
      about(
        'The issuer, exactly as the claim `iss` has it. Keys are found through its discovery document.',
        'https://sso.example.gov.vn',
      ),
    ),
    kind: z
      .enum(KINDS)
      .optional()
      .meta(
        about('What every subject of the issuer is.', 'officer', {
          whenAbsent: '`kindByClaim` decides; without it the claims of the national sign-in.',
        }),
      ),
    kindByClaim: kindByClaimKeys
      .optional()
      .meta(
        about(
          'A claim that says what the subject is.',
          { claim: 'LoaiTaiKhoan', values: { 1: 'citizen', 2: 'enterprise' } },
          { whenAbsent: '`LoaiTaiKhoan`: 1 is a citizen, 2 an enterprise; unless `kind` is given.' },
        ),
      ),
    audience: z
      .array(text)
      .min(1)
      .meta(
        about('Values of `aud` that are accepted: names of this gateway.', ['https://api.example.gov.vn']),
      ),
    algorithms: z
      .array(z.enum(ALGORITHMS))
      .min(1)
      .default(['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'])
      .meta(about('Signature algorithms that are accepted.', ['ES256'])),
    jwks: secureUrl.optional().meta(
      about('Address of the keys.', 'https://sso.example.gov.vn/jwks', {
        whenAbsent: 'The address in the discovery document of the issuer.',
      }),
    ),
    clockSkewSeconds: seconds(0, 300)
      .default(30)
      .meta(about('By how much the clocks of issuer and gateway may differ.', 30)),
    staleKeysMinutes: z
      .number()
      .int()
      .min(1)
      .max(10_080)
      .default(60)
      .meta({
        unit: 'min',
        ...about('How long the last known keys are used while the issuer cannot be reached.', 60),
      }),
    claims: claimsKeys.prefault({}).meta(about('Which claim says what.', { officer: 'employee_id' })),
    roles: z
      .record(text, z.enum(ROLES))
      .default(Object.fromEntries(ROLES.map((role) => [role, role])))
      .meta(
        about(
          'The role of this gateway for each value of the claim with the roles. Values that are not listed grant nothing; citizens and enterprises have no roles.',
          { 'lienthong-operators': 'operator' },
        ),
      ),
    introspection: introspectionKeys
      .optional()
      .meta(
        about(
          'How tokens are checked at the issuer: for opaque tokens, and for revocation.',
          { url: 'https://sso.example.gov.vn/introspect', clientId: 'lienthong', clientSecret: '${env:SSO}' },
          { whenAbsent: 'Only JWTs are accepted, and they hold until they expire.' },
        ),
      ),
  })
  .refine(({ kind, kindByClaim }) => kind === undefined || kindByClaim === undefined, {
    error: 'either kind or kindByClaim',
    path: ['kindByClaim'],
  });

export type IssuerSettings = z.output<typeof issuerKeys>;

/** The national sign-in: wire format of the claims that the national portal and VNeID send. */
export const NATIONAL_KINDS = { claim: 'LoaiTaiKhoan', values: { 1: 'citizen', 2: 'enterprise' } } as const;

/** Does the issuer answer for tokens that are no JWTs? */
export const takesOpaque = ({ introspection }: Pick<IssuerSettings, 'introspection'>): boolean =>
  introspection !== undefined && introspection.tokens !== 'jwt';

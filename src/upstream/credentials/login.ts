// A JSON login whose answer holds a session token. The token travels in a header (MyVNPost), in the body (the dossier
// synchronisation of the national public service portal) or in the query (social insurance); see the connectors' READMEs.
import { z } from 'zod';
import { about, milliseconds, setting, text } from '../../manifest-keys.ts';
import { credentialValue } from '../credential-value.ts';
import { compilePath } from '../read-path.ts';
import type { Proof } from './contract.ts';
import { compileValues, defineCredentialKind, kindName, validity } from './kind.ts';
import { createTokenCache } from './token-cache.ts';
import { assertHeaderText, textIn, tokenEndpoint } from './token-request.ts';

/** Share of a token's declared life after which it is refreshed. */
const REFRESH_SHARE = 0.8;

export const login = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('login'),
      path: z
        .string()
        .startsWith('/')
        .default('/token')
        .meta(about('Path of the login endpoint below the base URL.', '/GetAccessToken')),
      url: setting
        .optional()
        .meta(
          about(
            'Absolute URL of the login endpoint. Its host must be in `source.hosts`.',
            'https://lgsp.city.example/login',
            { whenAbsent: '`path` below the base URL' },
          ),
        ),
      body: z.record(text, credentialValue).meta(
        about('Keys of the JSON body of the login request, as [values](#values).', {
          username: '${env:POST_USERNAME}',
          password: '${env:POST_PASSWORD}',
        }),
      ),
      headers: z
        .record(text, credentialValue)
        .default({})
        .meta(
          about('Headers of the login request, as [values](#values).', {
            dstcode: 'VN:GOV:000.00.00.G22:portal',
          }),
        ),
      tokenAt: text.meta(about('Dotted path of the token in the answer.', 'data.token')),
      header: text
        .optional()
        .meta(
          about('Header that carries the bare token.', 'token', { whenAbsent: 'the token is in no header' }),
        ),
      bodyField: text.optional().meta(
        about('Top-level field of the body that carries the token.', 'session', {
          whenAbsent: 'the token is not in the body',
        }),
      ),
      query: z
        .record(text, text)
        .default({})
        .meta(
          about("Query parameters, each with the dotted path of its value in the login's answer.", {
            token: 'APIKey.access_token',
          }),
        ),
      expiresInMs: z
        .number()
        .int()
        .positive()
        .optional()
        .meta(
          about('Life of a token.', 3_600_000, {
            unit: 'ms',
            whenAbsent: 'until the source answers "unauthorized"',
          }),
        ),
      timeoutMs: milliseconds.default(5000).meta(about('Time limit of the login request.', 5000)),
      ...validity,
    })
    .refine(
      ({ header, bodyField, query }) =>
        header !== undefined || bodyField !== undefined || Object.keys(query).length > 0,
      'a login needs at least one of header, bodyField, query to say where its token goes',
    )
    .meta(
      about('A JSON login for a session token. One token serves all calls and is renewed when it expires.', {
        type: 'login',
        path: '/GetAccessToken',
        body: { username: '${env:POST_USERNAME}', password: '${env:POST_PASSWORD}' },
        tokenAt: 'token',
        header: 'token',
      }),
    ),
  create: (settings, { baseUrl, requestToken, now }) => {
    const { path, url, tokenAt, timeoutMs, expiresInMs: lifeMs } = settings;
    const readToken = compilePath(tokenAt);
    const buildProof = compileProof(settings);
    const readHeaders = compileValues(withLowerCaseNames(settings.headers));
    const readBody = compileValues(settings.body);

    return createTokenCache({
      now,
      timeoutMs,
      fetch: async (signal) => {
        const askedAt = now();
        const headers = { 'content-type': 'application/json', ...readHeaders(askedAt) };
        const body = JSON.stringify(readBody(askedAt));
        const answer = await requestToken({ url: tokenEndpoint(baseUrl, path, url), headers, body }, signal);
        const token = textIn(answer, readToken, tokenAt);
        if (settings.header !== undefined) assertHeaderText(token, tokenAt);
        const at = now();
        return {
          proof: buildProof(token, answer),
          expiresAt: lifeMs === undefined ? undefined : at + lifeMs,
          refreshAt: lifeMs === undefined ? undefined : at + lifeMs * REFRESH_SHARE,
        };
      },
    });
  },
  secretNames: ({ header, bodyField, headers, body, query }) => ({
    query: Object.keys(query),
    headers: [header, ...digestsIn(headers)],
    bodyFields: [bodyField, ...digestsIn(body)],
  }),
});

/** The names of values that are computed: a digest of a password is as secret as the password. */
const digestsIn = (values: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(values).filter((name) => typeof values[name] !== 'string');

interface Places {
  readonly header?: string | undefined;
  readonly bodyField?: string | undefined;
  readonly query: Readonly<Record<string, string>>;
}

/** Compiles where the token, and further values of the login's answer, go. */
function compileProof({ header, bodyField, query }: Places): (token: string, answer: unknown) => Proof {
  const name = header?.toLowerCase();
  const parameters = Object.entries(query).map(([key, path]) => [key, path, compilePath(path)] as const);
  return (token, answer) => {
    const values: Record<string, string> = {};
    for (const [key, path, read] of parameters) values[key] = textIn(answer, read, path);
    return {
      headers: name === undefined ? {} : { [name]: token },
      query: parameters.length === 0 ? undefined : values,
      body: bodyField === undefined ? undefined : { [bodyField]: token },
    };
  };
}

const withLowerCaseNames = <T>(headers: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

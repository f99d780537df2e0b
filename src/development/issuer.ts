// The development issuer: a real OpenID provider on loopback, in the process of a gateway that was started with simulators. Exists
// only there.

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from 'oidc-provider';
import type { City } from '../city/contract.ts';
import { createAccounts } from './accounts.ts';
import { AUDIENCE, GATEWAY_CLIENT, OPAQUE_AUDIENCE } from './names.ts';
import { type DevelopmentPerson, FIRST_PERSON, MACHINE, peopleOf } from './people.ts';
import { addDeveloperGrant, configurationOf, isLoopbackUrl } from './provider.ts';
import { type AskedToken, requestToken } from './request-token.ts';
import { PAGE_HEADERS, signInPage } from './sign-in-page.ts';

export interface DevelopmentIssuer {
  readonly url: string;
  readonly people: readonly DevelopmentPerson[];
  /** Id of the person as whom the first query is asked. */
  readonly first: string;
  /** The issuer as the access file would describe it. */
  readonly entry: {
    readonly issuers: readonly unknown[];
    readonly clients: Readonly<Record<string, unknown>>;
  };
  /** The secrets to which `entry` refers, by the name of the variable. */
  readonly secrets: Readonly<Record<string, string>>;
  /** An access token of a person. @throws TokenRequestError */
  token(asked: AskedToken): Promise<string>;
  /** What the report of the start shows: the address, and a token of the first person. */
  introduce(): Promise<{ readonly issuerUrl: string; readonly token: string }>;
  close(): Promise<void>;
}

export interface DevelopmentIssuerOptions {
  readonly city: City;
  /** 0: any free port. */
  readonly port: number;
  /** Life of the tokens of the code flow, seconds. Default: 600. */
  readonly tokenSeconds?: number | undefined;
}

/** Thrown when the issuer cannot listen; the message is addressed to the person who starts the gateway. */
export class IssuerStartError extends Error {
  override readonly name = 'IssuerStartError';
}

/** Tokens of anybody are to be had here, so other machines never reach it. */
const HOST = '127.0.0.1';
const SECRET = 'DEVELOPMENT_ISSUER_SECRET';
const MAX_FORM = 1_000;
/** The query to paste must work as long as somebody tries it. */
const FIRST_TOKEN_MINUTES = 12 * 60;

/** @throws IssuerStartError when the port is taken */
export async function startDevelopmentIssuer(options: DevelopmentIssuerOptions): Promise<DevelopmentIssuer> {
  const people = peopleOf(options.city);
  const accounts = createAccounts(people);
  const gatewaySecret = randomBytes(24).toString('base64url');
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const server = createServer((request, response) => answer(request, response));
  const loading = importProvider();
  await listen(server, options.port);
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  const { Provider } = await loading;
  const provider = new Provider(
    url,
    configurationOf({ accounts, gatewaySecret, tokenSeconds: options.tokenSeconds }),
  );
  addDeveloperGrant(provider, accounts);
  // Any page of this machine may sign people in; its port changes with each tool.
  const client = provider.Client.prototype as { redirectUriAllowed(uri: string): boolean };
  client.redirectUriAllowed = isLoopbackUrl;
  const answerProtocol = provider.callback();
  answer = (request, response) => {
    // A name that leads here from elsewhere (DNS rebinding) is not this issuer.
    if (request.headers.host !== new URL(url).host) response.writeHead(421).end();
    else if (request.url?.startsWith('/sign-in/') !== true) void answerProtocol(request, response);
    else
      answerSignIn(provider, people, request, response).catch(() => {
        if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' });
        response.end(
          'Phiên đăng nhập đã hết. Hãy bắt đầu lại từ ứng dụng.\nThe sign-in has ended. Start again in the application.\n',
        );
      });
  };
  return {
    url,
    people,
    first: FIRST_PERSON,
    entry: {
      issuers: [
        {
          name: 'development',
          issuer: url,
          kindByClaim: {
            claim: 'kind',
            values: Object.fromEntries(
              ['citizen', 'enterprise', 'officer', 'machine', 'staff'].map((kind) => [kind, kind]),
            ),
          },
          audience: [AUDIENCE, OPAQUE_AUDIENCE],
          algorithms: ['ES256'],
          // Issuer and gateway have one clock.
          clockSkewSeconds: 0,
          introspection: {
            url: `${url}/token/introspection`,
            clientId: GATEWAY_CLIENT,
            clientSecret: `\${env:${SECRET}}`,
            tokens: 'opaque',
          },
        },
      ],
      clients: { [MACHINE.id]: { class: MACHINE.class } },
    },
    secrets: { [SECRET]: gatewaySecret },
    token: (asked) => requestToken(url, asked),
    introduce: async () => ({
      issuerUrl: url,
      token: await requestToken(url, { person: FIRST_PERSON, minutes: FIRST_TOKEN_MINUTES }),
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Shows the people, or signs in the one that was chosen. */
async function answerSignIn(
  provider: Provider,
  people: readonly DevelopmentPerson[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.writeHead(200, PAGE_HEADERS).end(signInPage(people, String(params.client_id)));
    return;
  }
  let form = '';
  for await (const chunk of request) {
    form += chunk;
    if (form.length > MAX_FORM) throw new RangeError('the form is too long');
  }
  const accountId = new URLSearchParams(form).get('person') ?? '';
  if (people.every(({ id }) => id !== accountId)) throw new RangeError('there is no such person');
  await provider.interactionFinished(request, response, { login: { accountId }, consent: {} });
}

/** Imports the library without its complaint about Node versions that have no long-term support yet. */
async function importProvider(): Promise<typeof import('oidc-provider')> {
  const { warn } = console;
  console.warn = (...texts: unknown[]) => {
    if (!String(texts[0]).includes('Unsupported runtime')) warn(...texts);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}

const listen = (server: ReturnType<typeof createServer>, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      reject(
        new IssuerStartError(
          `The development issuer cannot listen on ${HOST}:${port}: ${
            code === 'EADDRINUSE'
              ? 'the port is in use. Stop the program that uses it, or choose another PORT'
              : `the system refuses it (${code ?? 'unknown reason'}). Choose another PORT`
          }.`,
        ),
      ),
    );
    server.listen(port, HOST, resolve);
  });

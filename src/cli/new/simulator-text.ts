// The `simulator.ts` of a new connector: a server that answers for one synthetic record and checks the credentials.

import { SECRETS } from './manifest-text.ts';
import {
  answerOf,
  type CredentialKind,
  exampleKeyOf,
  exampleValueOf,
  isSoap,
  isXml,
  operationOf,
  type Plan,
  pathOf,
  variableOf,
} from './plan.ts';

export function simulatorText(plan: Plan): string {
  const { id, title, key, fields, credentials } = plan;
  const secrets = SECRETS[credentials].map(
    (name) => `    ${variableOf(plan, name)}: 'demo-${id}-${name.toLowerCase().replaceAll('_', '-')}',\n`,
  );
  const record = [
    `  ${key}: ${quoted(exampleKeyOf(plan))},`,
    ...fields.map((field) => `  ${field.name}: ${literal(exampleValueOf(field))},`),
  ];
  const kit = [
    'defineSimulator',
    ...(isXml(plan) ? ['escapeXml', 'readXml', 'type XmlElement'] : []),
    ...kitOf(credentials),
  ].sort(byName);
  const isSecret = credentials !== 'none';
  return `// Simulates ${title.en} for development and tests: one synthetic record. Keep here what the real source does that surprises.

import { HttpResponse, http } from 'msw';
import {
${[...kit, ...(isSecret ? ['type SimulatorContext'] : [])].map((name) => `  ${name},\n`).join('')}} from '#connector';

const RECORD = {
${record.join('\n')}
};

export const simulator = defineSimulator({
  id: '${id}',
  secrets: {${secrets.length === 0 ? '' : `\n${secrets.join('')}  `}},
${credentials === 'oauth2ClientCredentials' ? "  signInPaths: ['/token'],\n" : ''}  create: (${isSecret ? 'world' : ''}) => ({
    handlers: [
${credentials === 'oauth2ClientCredentials' ? TOKEN_HANDLER(plan) : ''}${handlerText(plan)}    ],
  }),
});
${isXml(plan) ? XML_HELPERS(plan) : ''}${isSecret ? credentialsText(plan) : ''}`;
}

const byName = (a: string, b: string): number => a.replace('type ', '').localeCompare(b.replace('type ', ''));
const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
const literal = (value: string | number | boolean): string =>
  typeof value === 'string' ? quoted(value) : String(value);

const kitOf = (kind: CredentialKind): string[] => {
  if (kind === 'none') return [];
  return kind === 'basic' || kind === 'oauth2ClientCredentials'
    ? ['isSameSecret', 'readBasic']
    : ['isSameSecret'];
};

function handlerText(plan: Plan): string {
  const { key, protocol, credentials, isList } = plan;
  const path = isSoap(plan) ? `/ws/${operationOf(plan)}` : pathOf(plan);
  const denied =
    credentials === 'none'
      ? ''
      : "        if (!isAllowed(request, world)) return new HttpResponse('Unauthorized', { status: 401 });\n";
  const found = (asked: string): string => `${asked} === RECORD.${key}`;
  const json = (asked: string): string =>
    isList
      ? `HttpResponse.json({ records: ${found(asked)} ? [RECORD] : [] })`
      : `HttpResponse.json({ record: ${found(asked)} ? RECORD : null })`;
  if (protocol === 'json')
    return `      http.get('${path}', ({ request }) => {
${denied}        const asked = new URL(request.url).searchParams.get('${key}');
        return ${json('asked')};
      }),
`;
  if (protocol === 'form')
    return `      http.post('${path}', async ({ request }) => {
${denied}        const asked = new URLSearchParams(await request.text()).get('${key}');
        return ${json('asked')};
      }),
`;
  return `      http.post('${path}', async ({ request }) => {
${denied}        const asked = textOf(readXml(await request.text()), '${key}');
        return answer(${found('asked')} ? [RECORD] : []);
      }),
`;
}

const XML_HELPERS = (plan: Plan): string => {
  const [open, close] = envelopeOf(plan);
  return `
/** The text of the first element with this name, at any depth. */
function textOf(element: XmlElement | null, name: string): string | undefined {
  if (element === null) return undefined;
  if (element.name === name) return element.text;
  for (const child of element.children) {
    const found = textOf(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function answer(records: readonly (typeof RECORD)[]): Response {
  const elements = records.map(
    (record) =>
      \`<record>\${Object.entries(record)
        .map(([name, value]) => \`<\${name}>\${escapeXml(String(value))}</\${name}>\`)
        .join('')}</record>\`,
  );
  return new HttpResponse(\`${open}\${elements.join('')}${close}\`, {
    headers: { 'content-type': '${plan.protocol === 'soap12' ? 'application/soap+xml' : 'text/xml'}; charset=utf-8' },
  });
}
`;
};

function envelopeOf(plan: Plan): readonly [open: string, close: string] {
  if (!isSoap(plan)) return ['<answer><total>${records.length}</total>', '</answer>'];
  const namespace =
    plan.protocol === 'soap11'
      ? 'http://schemas.xmlsoap.org/soap/envelope/'
      : 'http://www.w3.org/2003/05/soap-envelope';
  return [
    `<soap:Envelope xmlns:soap="${namespace}"><soap:Body><${answerOf(plan)} xmlns="https://${plan.id}.example/ws">`,
    `</${answerOf(plan)}></soap:Body></soap:Envelope>`,
  ];
}

const TOKEN_HANDLER = (plan: Plan): string => `      http.post('/token', ({ request }) => {
        const sent = readBasic(request.headers.get('authorization'));
        const isKnown =
          sent !== null &&
          isSameSecret(sent.user, world.secrets.${variableOf(plan, 'CLIENT_ID')} ?? '') &&
          isSameSecret(sent.password, world.secrets.${variableOf(plan, 'CLIENT_SECRET')} ?? '');
        if (!isKnown) return HttpResponse.json({ error: 'invalid_client' }, { status: 401 });
        return HttpResponse.json({ access_token: TOKEN, token_type: 'Bearer', expires_in: 3600 });
      }),
`;

function credentialsText(plan: Plan): string {
  const secret = (name: string): string => `secrets.${variableOf(plan, name)} ?? ''`;
  const head = '\nconst isAllowed = (request: Request, { secrets }: SimulatorContext): boolean =>';
  switch (plan.credentials) {
    case 'basic':
      return `
function isAllowed(request: Request, { secrets }: SimulatorContext): boolean {
  const sent = readBasic(request.headers.get('authorization'));
  return sent !== null && isSameSecret(sent.user, ${secret('USER')}) && isSameSecret(sent.password, ${secret('PASSWORD')});
}
`;
    case 'bearer':
      return `${head}
  isSameSecret(request.headers.get('authorization') ?? '', \`Bearer \${${secret('TOKEN')}}\`);
`;
    case 'header':
      return `${head}
  isSameSecret(request.headers.get('x-api-key') ?? '', ${secret('API_KEY')});
`;
    case 'query':
      return `${head}
  isSameSecret(new URL(request.url).searchParams.get('api_key') ?? '', ${secret('API_KEY')});
`;
    default:
      return `
const TOKEN = 'demo-${plan.id}-token';

const isAllowed = (request: Request, _: SimulatorContext): boolean =>
  isSameSecret(request.headers.get('authorization') ?? '', \`Bearer \${TOKEN}\`);
`;
  }
}

// The `connector.yaml` of a new connector.

import {
  answerOf,
  type CredentialKind,
  isSoap,
  operationOf,
  type Plan,
  recordPathOf,
  variableOf,
} from './plan.ts';

/** @param schemaPath path of `connector.schema.json` relative to the manifest, for editors; `undefined` if the folder has no such file */
export function manifestText(plan: Plan, schemaPath: string | undefined): string {
  const { id, title, owner, protocol, portOffset, data } = plan;
  const url = variableOf(plan, 'URL');
  return `${schemaPath === undefined ? '' : `# yaml-language-server: $schema=${schemaPath}\n`}id: ${id}
title:
  vi: ${text(title.vi)}
  en: ${text(title.en)}
description: ${text(plan.isList ? `Returns the records of one ${plan.key}.` : `Returns one record by its ${plan.key}.`)}
owner:
  agency: ${text(owner.agency)}
  contact: ${text(owner.contact)}
# Change this to \`stable\` when the interface of the source is documented and tried.
lifecycle: provisional
protocol: ${protocol}
simulator:
  portOffset: ${portOffset}

source:
  # The address of the source, from the environment. The simulator answers at the default.
  baseUrl: \${env:${url}:-http://127.0.0.1:${4000 + portOffset}}
  # Private address ranges to which the host name may resolve, e.g. 10.20.0.0/16. None by default.
  hosts: ["\${env:INSIDE_HOSTS:-}"]
  connections: 32
${soapText(plan)}${credentialsText(plan)}
${outcomeText(plan)}limits:
  attemptTimeoutMs: 2000
  maxResponseBytes: 1048576
  perRequest: 16

breaker:
  failureRate: 0.5
  minimumCalls: 8
  windowMs: 10000
  openMs: 5000
  probes: 2

# While there are no calls, the gateway opens a socket at this interval, so that an outage is detected before the next call.
probe:
  everyMs: 30000

bulkhead:
  maxConcurrent: 32
  maxWaiting: 256
  maxWaitMs: 5000

data:
  classification: ${data}
  purpose: ${data === 'personal' ? 'required' : 'optional'}
${data === 'personal' ? personalText(plan) : ''}`;
}

/** A YAML text on one line: a text of JSON is one. */
const text = (value: string): string => JSON.stringify(value);

/** The source returns 200 without a record for an unknown key; a list is then empty. */
const outcomeText = (plan: Plan): string =>
  plan.isList
    ? ''
    : `# What an answer means. A source that reports errors inside of a 200 has its codes here: docs/manifest.md#outcome.
outcome:
  at: ${recordPathOf(plan).join('.')}
  otherwise: success
  missing: notFound

`;

function soapText(plan: Plan): string {
  if (!isSoap(plan)) return '';
  return `
soap:
  namespace: https://${plan.id}.example/ws
  action: https://${plan.id}.example/ws/${operationOf(plan)}
  operation: ${operationOf(plan)}
  responseRoots: [${answerOf(plan)}]
`;
}

function credentialsText(plan: Plan): string {
  const lines = credentialLines(plan.credentials, (name) => `\${env:${variableOf(plan, name)}}`);
  return `
# The values are references: a secret is never written into this file.
credentials:
${lines.map((line) => `  ${line}\n`).join('')}`;
}

function credentialLines(kind: CredentialKind, env: (name: string) => string): readonly string[] {
  switch (kind) {
    case 'none':
      return ['type: none'];
    case 'basic':
      return ['type: basic', `user: ${env('USER')}`, `password: ${env('PASSWORD')}`];
    case 'bearer':
      return ['type: bearer', `token: ${env('TOKEN')}`];
    case 'header':
      return ['type: header', 'name: X-API-Key', `value: ${env('API_KEY')}`];
    case 'query':
      return ['type: query', 'name: api_key', `value: ${env('API_KEY')}`];
    case 'oauth2ClientCredentials':
      return [
        'type: oauth2ClientCredentials',
        'tokenPath: /token',
        `clientId: ${env('CLIENT_ID')}`,
        `clientSecret: ${env('CLIENT_SECRET')}`,
      ];
  }
}

/** The names of the secrets, without the prefix of the connector. */
export const SECRETS: Readonly<Record<CredentialKind, readonly string[]>> = {
  none: [],
  basic: ['USER', 'PASSWORD'],
  bearer: ['TOKEN'],
  header: ['API_KEY'],
  query: ['API_KEY'],
  oauth2ClientCredentials: ['CLIENT_ID', 'CLIENT_SECRET'],
};

const personalText = ({
  type,
  key,
  fields,
}: Plan): string => `  # Whose data a record is: accesses are recorded under a keyed digest of this number.
  subject: ${type}.${key}
  # Officers who do not handle dossiers see masked values; fields without a mask are refused to them.
  fields:
    ${type}.${key}: { classification: personal, mask: id }
${fields.map(({ name }) => `    ${type}.${name}: personal\n`).join('')}`;

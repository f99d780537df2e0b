// The recorded cases of a new connector: an answer of the source and the values that the connector makes of it.

import {
  answerOf,
  exampleKeyOf,
  exampleValueOf,
  isSoap,
  operationOf,
  type Plan,
  pathOf,
  rootFieldOf,
  unknownKeyOf,
} from './plan.ts';

/** By file name. */
export function caseTexts(plan: Plan): Readonly<Record<string, string>> {
  const { key, fields, isList } = plan;
  const record = {
    [key]: exampleKeyOf(plan),
    ...Object.fromEntries(fields.map((field) => [field.name, exampleValueOf(field)])),
  };
  const values = Object.entries(record).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const expected = isList
    ? `    - ${values.join('\n      ')}`
    : values.map((line) => `    ${line}`).join('\n');
  return {
    'found.yaml': `# An answer of the source, replaced by one that the source really gave before the connector goes live. Never with real personal data.
name: A record
${callText(plan, exampleKeyOf(plan))}request:
  method: ${plan.protocol === 'json' ? 'GET' : 'POST'}
  path: ${requestPath(plan)}
${requestBody(plan)}answer:
${answerText(plan, [record])}expect:
  result:
${expected}
`,
    'not-found.yaml': `# The source has no such record: ${isList ? 'an empty list' : 'null, without an error'}.
name: No such record
${callText(plan, unknownKeyOf(plan))}answer:
${answerText(plan, [])}expect:
  ${isList ? 'result: []' : 'notFound: true'}
`,
    'source-fails.yaml': `# The source reports a failure. Its text never reaches a client.
name: The source fails
${callText(plan, exampleKeyOf(plan))}answer:
  status: 503
  headers: { content-type: text/html }
  body: "<h1>Maintenance</h1>"
expect:
  error: UPSTREAM_FAULT
`,
  };
}

function requestPath(plan: Plan): string {
  if (isSoap(plan)) return `/ws/${operationOf(plan)}`;
  const path = pathOf(plan);
  return plan.protocol === 'json' ? `${path}?${plan.key}=${exampleKeyOf(plan)}` : path;
}

function requestBody(plan: Plan): string {
  const value = `{ ${plan.key}: ${JSON.stringify(exampleKeyOf(plan))} }`;
  if (plan.protocol === 'json') return '';
  return `  body: ${plan.protocol === 'xml' ? `{ request: ${value} }` : value}\n`;
}

function callText(plan: Plan, key: string): string {
  const purpose =
    plan.data === 'personal'
      ? 'context:\n  purpose: { dossier: 000.00.01.H26-261120-0001, procedure: "1.005129" }\n'
      : '';
  return `operation: Query.${rootFieldOf(plan)}\nargs: { ${plan.key}: ${JSON.stringify(key)} }\n${purpose}`;
}

type ExampleRecord = Readonly<Record<string, string | number | boolean>>;

function answerText(plan: Plan, records: readonly ExampleRecord[]): string {
  return `  status: 200
  headers: { content-type: ${mediaTypeOf(plan)} }
  body: >-
    ${bodyOf(plan, records)}
`;
}

const mediaTypeOf = ({ protocol }: Plan): string =>
  ({
    json: 'application/json',
    form: 'application/json',
    xml: 'application/xml',
    soap11: 'text/xml',
    soap12: 'application/soap+xml',
  })[protocol];

/** What the source answers, as the simulator writes it. */
function bodyOf(plan: Plan, records: readonly ExampleRecord[]): string {
  if (plan.protocol === 'json' || plan.protocol === 'form') {
    if (plan.isList) return JSON.stringify({ records });
    return JSON.stringify({ record: records[0] ?? null });
  }
  const elements = records
    .map(
      (record) =>
        `<record>${Object.entries(record)
          .map(([name, value]) => `<${name}>${value}</${name}>`)
          .join('')}</record>`,
    )
    .join('');
  if (plan.protocol === 'xml') return `<answer><total>${records.length}</total>${elements}</answer>`;
  const envelope =
    plan.protocol === 'soap11'
      ? 'http://schemas.xmlsoap.org/soap/envelope/'
      : 'http://www.w3.org/2003/05/soap-envelope';
  return `<soap:Envelope xmlns:soap="${envelope}"><soap:Body><${answerOf(plan)} xmlns="https://${plan.id}.example/ws">${elements}</${answerOf(plan)}></soap:Body></soap:Envelope>`;
}

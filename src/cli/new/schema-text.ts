// The `schema.graphql` of a new connector.

import {
  isSoap,
  isXml,
  operationOf,
  type Plan,
  type PlannedField,
  pathOf,
  recordPathOf,
  rootFieldOf,
} from './plan.ts';

const MAPPING = '  @link(url: "https://specs.lienthong.example/mapping/v0.1")\n';

export function schemaText(plan: Plan): string {
  const { id, title, type, key, fields, isList } = plan;
  const root = rootFieldOf(plan);
  const source = `Source: ${title.en}`;
  const wholeType = `type ${type}${isList ? '' : ` @key(fields: "${key}")`} {
  ${JSON.stringify(`The ${key} of the record (${key}). ${source}.`)}
  ${key}: ID${isList ? '' : '!'}
${fields.map((field) => fieldText(field, source)).join('')}}`;
  return `# ${title.en}: ${isList ? `the records of one ${key}` : `one record by its ${key}`}.
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
${isXml(plan) ? MAPPING : ''}  @source(name: "${id}", http: { baseURL: "{$config.baseUrl}" })

type Query {
  """
  ${isList ? `The records of one ${key}, an empty list when there are none` : `One record by its ${key}; null when the source has no such record`} (${title.vi}). Null, too, when the source does not answer; \`errors\`
  then states the reason. ${source}.
  """
  ${root}(
    "The ${key} (${key})."
    ${key}: ID!
  ): ${isList ? `[${type}!]` : type}
    @connect(
      source: "${id}"
      http: ${httpText(plan)}${isList ? '' : '\n      entity: true'}
      selection: """
      ${selectionText(plan).join('\n      ')}
      """
    )
}

"""
A record of ${title.en} (${title.vi}). Describe here what it is, where its values come from and when they are null. ${source}.
"""
${wholeType}
`;
}

const fieldText = ({ name, type }: PlannedField, source: string): string =>
  `  ${JSON.stringify(`The ${name} of the record (${name}); null when the record has none. ${source}, \`${name}\`.`)}
  ${name}: ${type}
`;

function httpText(plan: Plan): string {
  const { key, protocol } = plan;
  if (isSoap(plan)) return `{ POST: "/ws/${operationOf(plan)}", body: "${key}: $args.${key}" }`;
  if (protocol === 'json') return `{ GET: "${pathOf(plan)}", queryParams: "${key}: $args.${key}" }`;
  return `{ POST: "${pathOf(plan)}", body: "${protocol === 'xml' ? `request: { ${key}: $args.${key} }` : `${key}: $args.${key}`}" }`;
}

function selectionText(plan: Plan): string[] {
  const { key, fields, isList } = plan;
  const path = `$.${recordPathOf(plan).join('.')}`;
  const lines = [key, ...fields.map(({ name, type }) => `${name}: ${mappedValueOf(plan, name, type)}`)];
  // XML has no lists: one element is an object, several are an array, and none is missing.
  const records = isList && isXml(plan) ? `$(${path} ?? null)->list` : path;
  return [`${records} {`, ...lines.map((line) => `  ${line}`), '}'];
}

/** The texts of XML as the types of the schema. */
function mappedValueOf(plan: Plan, name: string, type: PlannedField['type']): string {
  if (!isXml(plan)) return name;
  switch (type) {
    case 'Int':
      return `${name}?->parseInt`;
    case 'Float':
      return `${name}?->jsonParse`;
    case 'Boolean':
      return `${name}?->match(["true", true], ["false", false], [@, null])`;
    default:
      return name;
  }
}

// The README of a new connector: what is left to do, and what its reader needs to know.

import { SECRETS } from './manifest-text.ts';
import { exampleKeyOf, type Plan, rootFieldOf, variableOf } from './plan.ts';

export function readmeText(plan: Plan): string {
  const { id, title, owner, protocol, credentials, data, portOffset, key, fields } = plan;
  const settings = ['URL', ...SECRETS[credentials]].map((name) => `\`${variableOf(plan, name)}\``).join(', ');
  const names = fields.map(({ name }) => name).join(' ');
  return `# ${id}: ${title.en} (${title.vi})

${plan.isList ? `Returns the records of one \`${key}\`` : `Returns one record by its \`${key}\``} as \`Query.${rootFieldOf(plan)}\`.

- **Owner**: ${owner.agency}, ${owner.contact}.
- **Wire format**: \`protocol: ${protocol}\`. Describe here where the format is documented.
- **Settings**: ${settings}.

## Try it

\`\`\`sh
lienthong connector check ${id}
lienthong connector test ${id}
lienthong connector run Query.${rootFieldOf(plan)} --connector ${id} --simulator --args '${JSON.stringify({ [key]: exampleKeyOf(plan) })}'${data === 'personal' ? ' --context \'{"purpose":{"dossier":"000.00.01.H26-261120-0001","procedure":"1.005129"}}\'' : ''}
\`\`\`

With the gateway: \`{ ${rootFieldOf(plan)}(${key}: "${exampleKeyOf(plan)}"${data === 'personal' ? ', purpose: { dossier: "…" }' : ''}) { ${key} ${names} } }\`.

## Before it goes live

1. Replace path, body and selection in \`schema.graphql\` with those of the source, and the descriptions with what the fields mean.
2. Record real answers as cases, with synthetic values in place of personal data; one for each code that the source returns.
3. Teach \`simulator.ts\` what the source really does. It answers on \`PORT\` + ${portOffset}.
4. Set the limits in \`connector.yaml\` to what the source takes, and \`lifecycle\` to \`stable\`.

## Quirks

| quirk | handling |
|---|---|
| none known so far | |
`;
}

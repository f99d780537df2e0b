// The text that is printed when the gateway is ready: addresses, store, connectors and a query to paste.

import { stripIgnoredCharacters } from 'graphql';
import type { StartReport } from './gateway-reports.ts';
import { printableLine } from './printable.ts';

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** Formats the report for the person who starts the gateway. */
export function startReport(report: StartReport): string {
  const { connectors, graphqlUrl, development, operatorsUrl, readyInMs } = report;
  const width = Math.max(0, ...connectors.map(({ id }) => id.length));
  const rows = connectors.flatMap(({ id, status, url, simulated, title, message, nullable }) => {
    // Nothing was called yet, which is no news at the start.
    const reason = message === null || status === 'OK' ? '' : ` ${message}`;
    const line = `  ${id.padEnd(width)}  ${status.padEnd(11)}  ${url}${simulated ? ' (simulator)' : ''}  ${title}${reason}`;
    return [line, ...nullableText(nullable)].map(printableLine);
  });
  const signIn =
    development === null
      ? ''
      : `  Sign-in   ${development.issuerUrl} (development issuer: anyone on this machine can sign in as any person, without a password)\n`;
  return `Liên Thông is ready after ${seconds(readyInMs)}.

  GraphQL   ${graphqlUrl}
  Explorer  ${explorerText(report)}
  Operators ${operatorsUrl === null ? 'OPERATORS_PORT=off' : `${operatorsUrl}/metrics, /status`}
${signIn}  Store     ${storeText(report)}

Connectors
${rows.join('\n') || '  none'}

${queryText(report)}
Ctrl-C stops everything.`;
}

/** Coordinates that are listed per connector; `connector check` lists all of them. */
const SHOWN_FIELDS = 5;

function nullableText(nullable: readonly string[]): string[] {
  if (nullable.length === 0) return [];
  const more = nullable.length > SHOWN_FIELDS ? ` and ${nullable.length - SHOWN_FIELDS} more` : '';
  return [
    `    declared non-null, published as nullable: ${nullable.slice(0, SHOWN_FIELDS).join(', ')}${more}`,
  ];
}

/** With a development issuer one command that is answered; else the query, since the token comes from elsewhere. */
function queryText({ development, exampleQuery, graphqlUrl }: StartReport): string {
  if (development === null) return `A query to send, with an access token:\n\n${exampleQuery}`;
  const body = JSON.stringify({ query: stripIgnoredCharacters(exampleQuery), variables: { first: 1 } });
  return `A query to paste, as the officer CB0001:

curl -s ${graphqlUrl} -H 'content-type: application/json' -H 'authorization: Bearer ${development.token}' -d '${body.replaceAll("'", "'\\''")}'

A token of somebody else: npm run -s token -- citizen
`;
}

function explorerText({ explorerUrl, simulators }: StartReport): string {
  if (explorerUrl !== null) return explorerUrl;
  return simulators ? 'off' : 'off without simulators; EXPLORER=on serves it';
}

function storeText({ store, syntheticCity, simulators }: StartReport): string {
  switch (syntheticCity) {
    case 'WRITTEN':
      return `${store}, filled with the synthetic city`;
    case 'PRESENT':
      return simulators
        ? `${store}, holds the synthetic city`
        : `${store}\n  WARNING   The store holds the synthetic city and the simulators are off: the systems below receive requests about people who do not exist.`;
    case 'ABSENT':
      return simulators ? store : `${store}, without synthetic data, because the simulators are off`;
  }
}

// The text that is printed when the gateway is ready: addresses, store, connectors and a query to paste.

import type { StartReport } from './gateway-reports.ts';
import { printableLine } from './printable.ts';

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** Formats the report for the person who starts the gateway. */
export function startReport(report: StartReport): string {
  const { connectors, graphqlUrl, madeOperatorToken, operatorsUrl, readyInMs } = report;
  const width = Math.max(0, ...connectors.map(({ id }) => id.length));
  const rows = connectors.map(({ id, status, url, simulated, title, message }) => {
    // Nothing was called yet, which is no news at the start.
    const reason = message === null || status === 'OK' ? '' : ` ${message}`;
    return printableLine(
      `  ${id.padEnd(width)}  ${status.padEnd(11)}  ${url}${simulated ? ' (simulator)' : ''}  ${title}${reason}`,
    );
  });
  const operators =
    madeOperatorToken === null
      ? ''
      : `            Authorization: Bearer ${madeOperatorToken} (for this run; OPERATOR_TOKEN sets one)\n`;
  return `Liên Thông is ready after ${seconds(readyInMs)}.

  GraphQL   ${graphqlUrl}
  Explorer  ${explorerText(report)}
  Operators ${operatorsUrl === null ? 'OPERATORS_PORT=off' : `${operatorsUrl}/metrics, /status`}
${operators}  Store     ${storeText(report)}

Connectors
${rows.join('\n') || '  none'}

A query to paste:

${report.exampleQuery}
Ctrl-C stops everything.`;
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

// Writes the events of the channels to the log: outages, mapping problems and renewals of certificates.

import type { Channels } from './channels.ts';
import type { Log } from './log.ts';
import { logOutages } from './outage-log.ts';

/** @returns a function that ends the subscriptions */
export function logChannels(log: Log, channels: Channels): () => void {
  const subscriptions = [
    logOutages(log, channels),
    channels.mappingProblem.subscribe((problem) => log.warn(problem, 'an answer does not fit its mapping')),
    channels.certificate.subscribe(({ connector, change }) => {
      if (change === 'REJECTED') log.warn({ connector }, REJECTED);
      else log.info({ connector }, 'the renewed certificate is in use');
    }),
  ];
  return () => {
    for (const unsubscribe of subscriptions) unsubscribe();
  };
}

const REJECTED =
  'the renewed certificate cannot be used: a file is cut short, or key and certificate do not belong together; the last one stays in use';

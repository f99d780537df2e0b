// Writes the events of the channels to the log: outages and mapping problems.

import type { Channels } from './channels.ts';
import type { Log } from './log.ts';
import { logOutages } from './outage-log.ts';

/** @returns a function that ends the subscriptions */
export function logChannels(log: Log, channels: Channels): () => void {
  const subscriptions = [
    logOutages(log, channels),
    channels.mappingProblem.subscribe((problem) => log.warn(problem, 'an answer does not fit its mapping')),
  ];
  return () => {
    for (const unsubscribe of subscriptions) unsubscribe();
  };
}

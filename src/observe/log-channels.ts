// What the channels tell, written to the log. Called once by `gateway.ts`.

import type { Channels } from './channels.ts';
import type { Log } from './log.ts';
import { logOutages } from './outage-log.ts';

/** Writes what the channels tell: outages, and mapping problems. Returns the function that stops it. */
export function logChannels(log: Log, channels: Channels): () => void {
  const ends = [
    logOutages(log, channels),
    channels.mappingProblem.subscribe((problem) => log.warn(problem, 'an answer does not fit its mapping')),
  ];
  return () => {
    for (const end of ends) end();
  };
}

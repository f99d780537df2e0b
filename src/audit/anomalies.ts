// Officers who read the data of far more people than their colleagues: the modified z-score of Iglewicz and Hoaglin over the median and
// the median absolute deviation of the agency, which a single extreme officer does not move.

import type { OfficerCount } from './read-records.ts';

export interface OfficerAnomaly {
  readonly officer: string;
  readonly agency: string;
  readonly people: number;
  readonly accesses: number;
  readonly median: number;
  readonly score: number;
}

/** Above it, a value is an outlier by the recommendation of Iglewicz and Hoaglin (1993). */
const LIMIT = 3.5;
/** Of fewer officers nothing can be said. */
const FEWEST_OFFICERS = 5;
const FEWEST_PEOPLE = 10;
/** 0.6745 is the third quartile of the standard normal distribution. */
const SCALE = 0.6745;

export function findAnomalies(counts: readonly OfficerCount[]): OfficerAnomaly[] {
  const found: OfficerAnomaly[] = [];
  for (const [agency, officers] of Map.groupBy(counts, (each) => each.agency)) {
    if (officers.length < FEWEST_OFFICERS) continue;
    const median = medianOf(officers.map(({ people }) => people));
    // Where most officers read equally many, one person more is no outlier.
    const deviation = Math.max(1, medianOf(officers.map(({ people }) => Math.abs(people - median))));
    for (const { actor, people, accesses } of officers) {
      const score = (SCALE * (people - median)) / deviation;
      if (score > LIMIT && people >= FEWEST_PEOPLE)
        found.push({
          officer: actor,
          agency,
          people,
          accesses,
          median,
          score: Math.round(score * 100) / 100,
        });
    }
  }
  return found.sort((a, b) => b.score - a.score);
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

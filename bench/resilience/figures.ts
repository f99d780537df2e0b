// The results of a scenario of the resilience bench: figures with goals, and tables.

/** One figure that has a goal. */
export interface Figure {
  readonly name: string;
  /** With its unit. */
  readonly measured: string;
  readonly goal: string;
  readonly met: boolean;
  /** The control differs by as much as the goal allows: the machine is too busy for a result. */
  readonly isNoisy?: boolean;
}

export interface Section {
  readonly title: string;
  /** The first row is the head. */
  readonly table: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly figures: readonly Figure[];
}

export const ms = (value: number): string => (value < 100 ? value.toFixed(2) : value.toFixed(0));
export const seconds = (valueMs: number): string => (valueMs / 1000).toFixed(2);
export const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`;

/** The number of answers per code, most frequent first. */
export function codesOf(answers: readonly { readonly code: string }[]): string {
  const counts = new Map<string, number>();
  for (const { code } of answers) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([code, count]) => `${code} ${count}`)
    .join(', ');
}

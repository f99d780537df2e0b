// What a throttle promises, as a plain account that shares nothing with `src/guard`: the calls of a group that were admitted since its
// latest hold began, and how many may be under way at once.
export interface ThrottleModelOptions {
  readonly defaultHoldMs: number;
  readonly maxHoldMs: number;
}

/** What an ended attempt shows: the source answered, it is ill, or nothing. */
export type Evidence = 'answered' | 'ill' | 'nothing';

export function aThrottleModel({ defaultHoldMs, maxHoldMs }: ThrottleModelOptions) {
  /** `undefined`: all calls are admitted. */
  let hold: { until: number; places: number } | undefined;
  let sinceHold = new Set<object>();
  let refusalsWithoutTime = 0;

  const begin = (until: number): boolean => {
    const isLonger = hold === undefined || until > hold.until;
    hold = { until: hold === undefined ? until : Math.max(hold.until, until), places: 1 };
    sinceHold = new Set();
    return isLonger;
  };

  return {
    rejects: (at: number): boolean =>
      hold !== undefined && (at < hold.until || sinceHold.size >= hold.places),
    isHeld: (): boolean => hold !== undefined,
    /** Ms until calls are admitted; a second while the first ones are under way. */
    leftMs: (at: number): number | undefined =>
      hold === undefined ? undefined : at < hold.until ? Math.ceil(hold.until - at) : 1_000,
    admit: (call: object): void => void sinceHold.add(call),
    /** The source asked for fewer calls. @returns the end of a hold that is new or longer */
    refused: (call: object, requestedMs: number | undefined, at: number): number | undefined => {
      let ms: number;
      if (requestedMs !== undefined) {
        refusalsWithoutTime = 0;
        ms = requestedMs;
      } else {
        if (!sinceHold.has(call)) return undefined;
        ms = defaultHoldMs * 2 ** Math.min(6, refusalsWithoutTime);
        refusalsWithoutTime++;
      }
      return begin(at + Math.min(maxHoldMs, ms)) ? hold?.until : undefined;
    },
    ended: (call: object, evidence: Evidence): void => {
      if (hold === undefined || !sinceHold.delete(call) || evidence === 'nothing') return;
      refusalsWithoutTime = 0;
      hold.places++;
      if (hold.places > 16 || evidence === 'ill') hold = undefined;
    },
    /** Another gateway was asked to hold calls back. @returns whether that changes anything */
    holdUntil: (until: number, at: number): boolean => {
      const end = Math.min(until, at + maxHoldMs);
      if (end <= at || (hold !== undefined && end <= hold.until)) return false;
      begin(end);
      return true;
    },
    probeNow: (at: number): void => {
      if (hold !== undefined && at < hold.until) hold.until = at;
    },
  };
}

export type ThrottleModel = ReturnType<typeof aThrottleModel>;

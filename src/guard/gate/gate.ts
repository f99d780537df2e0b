// Step "gate" of a guarded call: is the source to be called at all now? An operator's word comes first, then the maintenance windows
// of the manifest. A pure function of the clock: the answer is kept until the moment it can change.
import { GatewayError } from '../../errors.ts';
import type { GateSetting, GateState, MaintenanceWindow } from '../contract.ts';
import { compileWindows, type Span } from './maintenance-windows.ts';

export interface Gate {
  /** The error of a call at this moment, or `undefined`: it may pass. @param at epoch ms of now. */
  refusal(at: number): GatewayError | undefined;
  /** The operator's word; holds until its end or the next word. */
  set(setting: GateSetting): void;
  state(at: number): GateState;
}

export function createGate(windows: readonly MaintenanceWindow[]): Gate {
  const spanAt = compileWindows(windows);
  let setting: GateSetting = AUTOMATIC;
  /** Until this moment calls pass without a look; most calls of most days. */
  let passesUntil = 0;
  let shutUntil = 0;
  let shut: Span | undefined;

  const settingAt = (at: number): GateSetting =>
    setting.until !== undefined && setting.until <= at ? AUTOMATIC : setting;

  /** Decides anew, and until when the decision holds. */
  const decide = (at: number): void => {
    passesUntil = 0;
    shutUntil = 0;
    const { gate, until, text } = settingAt(at);
    const end = until ?? Number.POSITIVE_INFINITY;
    if (gate === 'OPEN') passesUntil = end;
    else if (gate === 'CLOSED') {
      shutUntil = end;
      shut = { from: at, to: end, text };
    } else {
      const span = spanAt(at);
      if (span === undefined) passesUntil = Number.POSITIVE_INFINITY;
      else if (span.from > at) passesUntil = span.from;
      else {
        shutUntil = span.to;
        shut = span;
      }
    }
    decidedAt = at;
  };
  let decidedAt = Number.POSITIVE_INFINITY;

  return {
    refusal: (at) => {
      // A clock that was set back may stand in another window.
      if (at < decidedAt || (at >= passesUntil && at >= shutUntil)) decide(at);
      return at < passesUntil ? undefined : maintenance(shut as Span, at);
    },
    set: (next) => {
      setting = next;
      decidedAt = Number.POSITIVE_INFINITY;
    },
    state: (at) => {
      const { gate, reason, until, since, text } = settingAt(at);
      const next = spanAt(at);
      const inWindow = next !== undefined && next.from <= at;
      return {
        gate,
        passes: gate === 'OPEN' || (gate === 'AUTOMATIC' && !inWindow),
        ...(reason !== undefined && { reason }),
        ...(until !== undefined && { until }),
        ...(since !== undefined && { since }),
        ...(text !== undefined && { text }),
        ...(next !== undefined && { maintenance: next }),
      };
    },
  };
}

const AUTOMATIC: GateSetting = { gate: 'AUTOMATIC' };

function maintenance({ to, text }: Span, at: number): GatewayError {
  const ends = Number.isFinite(to);
  const said = { ...(ends && { until: new Date(to).toISOString() }), ...(text !== undefined && { text }) };
  return new GatewayError('MAINTENANCE', {
    detail: ends ? `closed until ${new Date(to).toISOString()}` : 'closed by an operator',
    ...(ends && { retryAfterMs: Math.max(1, to - at) }),
    ...(Object.keys(said).length > 0 && { extensions: { maintenance: said } }),
  });
}

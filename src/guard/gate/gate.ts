// Step "gate": rejects calls while an operator has closed the source, or during a maintenance window. The operator's setting takes
// precedence. A decision is kept until the time at which it can change.
import { GatewayError } from '../../errors.ts';
import type { GateSetting, GateState, MaintenanceWindow } from '../contract.ts';
import { compileWindows, type Span } from './maintenance-windows.ts';

export interface Gate {
  /** @param at epoch ms of now @returns the error of a call at this time, or `undefined` if calls pass */
  rejection(at: number): GatewayError | undefined;
  /** Replaces the operator's setting. */
  set(setting: GateSetting): void;
  state(at: number): GateState;
}

export function createGate(windows: readonly MaintenanceWindow[]): Gate {
  const spanAt = compileWindows(windows);
  let setting: GateSetting = AUTOMATIC;
  let decidedAt = Number.POSITIVE_INFINITY;
  /** Calls pass until this time without a new decision. */
  let passesUntil = 0;
  let closedUntil = 0;
  let closure: Span | undefined;

  const settingAt = (at: number): GateSetting =>
    setting.until !== undefined && setting.until <= at ? AUTOMATIC : setting;

  /** Makes a decision and computes how long it is valid. */
  const decide = (at: number): void => {
    passesUntil = 0;
    closedUntil = 0;
    const { gate, until, text } = settingAt(at);
    const end = until ?? Number.POSITIVE_INFINITY;
    if (gate === 'OPEN') passesUntil = end;
    else if (gate === 'CLOSED') {
      closedUntil = end;
      closure = { from: at, to: end, text };
    } else {
      const span = spanAt(at);
      if (span === undefined) passesUntil = Number.POSITIVE_INFINITY;
      else if (span.from > at) passesUntil = span.from;
      else {
        closedUntil = span.to;
        closure = span;
      }
    }
    decidedAt = at;
  };

  return {
    rejection: (at) => {
      // After the clock was set back another window may apply.
      if (at < decidedAt || (at >= passesUntil && at >= closedUntil)) decide(at);
      return at < passesUntil ? undefined : maintenanceError(closure as Span, at);
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

/** `retryAfterMs` of a closure whose end is not known. */
const OPEN_END_RETRY_MS = 60_000;

function maintenanceError({ to, text }: Span, at: number): GatewayError {
  const hasEnd = Number.isFinite(to);
  const maintenance = {
    ...(hasEnd && { until: new Date(to).toISOString() }),
    ...(text !== undefined && { text }),
  };
  return new GatewayError('MAINTENANCE', {
    detail: hasEnd ? `closed until ${new Date(to).toISOString()}` : 'closed by an operator',
    retryAfterMs: hasEnd ? Math.max(1, to - at) : OPEN_END_RETRY_MS,
    ...(Object.keys(maintenance).length > 0 && { extensions: { maintenance } }),
  });
}

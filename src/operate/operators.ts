// The queries and commands of operators: health of connectors, gates, caches, probes. Whether a caller may use them is decided by
// the resolvers. Each command is logged with the operator who issued it.

import { GatewayError, type Locale, type LocalizedText } from '../errors.ts';
import type { GateSetting } from '../guard/guard.ts';
import type { CallStatistics } from '../observe/call-statistics.ts';
import type { Log } from '../observe/log.ts';
import { privateThingsIn } from '../observe/redact.ts';
import type { LiveConnector } from '../registry/live-connector.ts';
import type { ProbeResult } from '../registry/prober.ts';
import { isStoredText } from '../store/stored-values.ts';
import { timeText } from '../time-text.ts';
import { type ConnectorHealth, healthOf } from './connector-health.ts';
import type { ConnectorStates } from './connector-states.ts';
import { type ConnectorSummary, summaryOf } from './connector-summary.ts';
import { replicaOf, viewOf } from './replica-view.ts';
import { buildStatusDocument, type StatusDocument, type StatusParts } from './status-document.ts';

/** A gateway process on the store; structurally the `ReplicaView` of `replicas/`. */
export interface SharedView {
  readonly id: string;
  readonly isThis: boolean;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly seenAt: number;
  readonly clockSkewMs: number | null;
  /** The result of `viewOf` in that process, possibly of another version of this program. */
  readonly view: unknown;
}

/** The part of what gateways on one store share that operators need. */
export interface SharedControl {
  /** Id of this process. */
  readonly id: string;
  /** Epoch ms by the clock that all gateways on the store share. */
  now(): number;
  /** Wall clock of this process minus that clock, ms; `undefined` where it is the clock of this process. */
  clockSkewMs(): number | undefined;
  /** Stores the setting and broadcasts it to every gateway, this one included. @throws GatewayError STORE_UNAVAILABLE */
  setGate(connector: string, setting: GateSetting, by: string): Promise<unknown>;
  /** Drops the cached answers of a connector in every gateway. @throws GatewayError STORE_UNAVAILABLE */
  dropCache(connector: string, by: string): Promise<unknown>;
  /** The live gateways, this one included. @throws GatewayError STORE_UNAVAILABLE */
  views(): Promise<readonly SharedView[]>;
}

export interface GateCommand {
  readonly gate: GateSetting['gate'];
  readonly reason?: string | null | undefined;
  /** ISO 8601. */
  readonly until?: string | null | undefined;
  readonly text?: LocalizedText | null | undefined;
}

export interface Operators {
  /** What everybody may see. */
  summaries(connectors: readonly LiveConnector[], locale: Locale): ConnectorSummary[];
  /** Other replicas are omitted while the store is unavailable. */
  health(connectors: readonly LiveConnector[], locale: Locale): Promise<ConnectorHealth[]>;
  /** The document of `/status`. */
  status(connectors: readonly LiveConnector[], asked: StatusRequest): Promise<StatusDocument>;
  /** @throws GatewayError BAD_USER_INPUT for an incomplete setting, STORE_UNAVAILABLE */
  setGate(connector: LiveConnector, command: GateCommand, by: string): Promise<void>;
  /** @returns the number of answers that this process had cached. @throws GatewayError STORE_UNAVAILABLE */
  dropCache(connector: LiveConnector, by: string): Promise<number>;
  probe(connector: LiveConnector, by: string): Promise<ProbeResult>;
}

export interface StatusRequest extends Pick<StatusParts, 'version' | 'storeAnswers' | 'locale'> {
  /** With figures of calls, for operators. */
  readonly detailed: boolean;
}

export interface OperatorsParts {
  readonly statistics: CallStatistics;
  readonly states: ConnectorStates;
  readonly shared: SharedControl;
  readonly log: Log;
}

const REASON = { min: 3, max: 500 } as const;
const TEXT_MAX = 500;
/** Limit of one statement, ms. */
const VIEWS_MS = 1_000;

export function createOperators({ statistics, states, shared, log }: OperatorsParts): Operators {
  const startedAt = shared.now();
  const operators: Operators = {
    summaries: (connectors, locale) =>
      connectors.map((connector) => summaryOf(connector, states.of(connector), locale)),
    status: async (connectors, { detailed, ...asked }) =>
      buildStatusDocument({
        ...asked,
        summaries: operators.summaries(connectors, asked.locale),
        states: connectors.map(states.of),
        clockSkewMs: shared.clockSkewMs(),
        health: detailed ? await operators.health(connectors, asked.locale) : undefined,
        time: new Date().toISOString(),
      }),
    health: async (connectors, locale) => {
      const others = (await viewsInTime(shared)).filter(({ isThis }) => !isThis);
      const self = {
        id: shared.id,
        isThis: true,
        startedAt,
        seenAt: shared.now(),
        clockSkewMs: shared.clockSkewMs() ?? null,
        connectors: viewOf(connectors, states),
      };
      const replicas = [self, ...others.map(replicaOf)];
      const at = shared.now();
      return connectors.map((connector) =>
        healthOf(connector, {
          locale,
          statistics: statistics.of(connector.id),
          state: states.of(connector),
          replicas,
          now: at,
        }),
      );
    },
    setGate: async ({ id }, command, by) => {
      const setting = settingOf(command, shared.now());
      await shared.setGate(id, setting, by);
      const { gate, until } = setting;
      // The reason is free text: operators read it in `connectorHealth`.
      log.warn({ connector: id, gate, until, by }, 'gate set by an operator');
    },
    dropCache: async (connector, by) => {
      const dropped = connector.guard.dropCache();
      await shared.dropCache(connector.id, by);
      log.warn({ connector: connector.id, dropped, by }, 'cache dropped by an operator');
      return dropped;
    },
    probe: async (connector, by) => {
      const result = await connector.probe();
      const { reachable, code, breakersWoken } = result;
      log.info(
        { connector: connector.id, reachable, code, breakersWoken, by },
        'connector probed by an operator',
      );
      return result;
    },
  };
  return operators;
}

/** Other replicas; none if the store is unavailable, so that the state of this process is still shown. */
async function viewsInTime(shared: SharedControl): Promise<readonly SharedView[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly SharedView[]>((resolve) => {
    timer = setTimeout(() => resolve([]), VIEWS_MS);
  });
  try {
    return await Promise.race([shared.views().catch(() => []), late]);
  } finally {
    clearTimeout(timer);
  }
}

function settingOf({ gate, reason, until, text }: GateCommand, now: number): GateSetting {
  const refuse = (reason: LocalizedText): never => {
    throw new GatewayError('BAD_USER_INPUT', { reason });
  };
  for (const [name, given] of [
    ['reason', reason],
    ['text.vi', text?.vi],
    ['text.en', text?.en],
  ] as const) {
    if (given == null) continue;
    if (!isStoredText(given)) refuse(plainTextExpected(name));
    const found = privateThingsIn(given);
    if (found.length > 0) refuse(nothingPrivateExpected(name, found));
  }
  if (gate === 'AUTOMATIC') {
    const length = reason?.trim().length ?? 0;
    if (length > REASON.max) refuse(reasonExpected(length));
    if (until != null || text != null) refuse(AUTOMATIC_TAKES_NOTHING);
    return { gate, since: now, ...(reason != null && { reason: reason.trim() }) };
  }
  const why = reason?.trim() ?? '';
  if (why.length < REASON.min || why.length > REASON.max) refuse(reasonExpected(why.length));
  const end = until == null ? undefined : Date.parse(until);
  if (end !== undefined && end <= now) refuse(endExpected(timeText(now)));
  if (text != null && gate === 'OPEN') refuse(OPEN_TAKES_NO_TEXT);
  for (const part of text == null ? [] : [text.vi, text.en])
    if (part.trim() === '' || part.length > TEXT_MAX) refuse(textExpected(part.length));
  return {
    gate,
    reason: why,
    since: now,
    ...(end !== undefined && { until: end }),
    ...(text != null && { text: { vi: text.vi.trim(), en: text.en.trim() } }),
  };
}

const reasonExpected = (found: number): LocalizedText => ({
  vi: `reason: cần ${REASON.min} đến ${REASON.max} ký tự, nhận được ${found}. Hãy ghi lý do cho người vận hành khác.`,
  en: `reason: expected ${REASON.min} to ${REASON.max} characters, found ${found}. Give the reason, for other operators.`,
});
const plainTextExpected = (name: string): LocalizedText => ({
  vi: `${name}: không nhận ký tự U+0000 và nửa cặp surrogate. Hãy bỏ chúng.`,
  en: `${name}: U+0000 and half a surrogate pair are not accepted. Remove them.`,
});
/** @param found names of forms, never what was found */
const nothingPrivateExpected = (name: string, found: readonly string[]): LocalizedText => ({
  vi: `${name}: có nội dung giống dữ liệu cá nhân hoặc bí mật (${found.join(', ')}), mà lý do và thông báo thì người khác đọc được. Hãy bỏ nội dung đó.`,
  en: `${name}: found what looks like personal data or a secret (${found.join(', ')}); others read reasons and messages. Leave it out.`,
});
const endExpected = (now: LocalizedText): LocalizedText => ({
  vi: `until: cần một thời điểm trong tương lai; bây giờ là ${now.vi}, giờ Việt Nam. Bỏ trống nếu chưa biết khi nào kết thúc.`,
  en: `until: expected a time in the future; it is now ${now.en} in Vietnam. Leave it out if the end is not known.`,
});
const textExpected = (found: number): LocalizedText => ({
  vi: `text: cần 1 đến ${TEXT_MAX} ký tự ở mỗi thứ tiếng, nhận được ${found}.`,
  en: `text: expected 1 to ${TEXT_MAX} characters in each language, found ${found}.`,
});
const AUTOMATIC_TAKES_NOTHING: LocalizedText = {
  vi: 'AUTOMATIC: không nhận until và text; khung giờ bảo trì quyết định. Hãy bỏ chúng.',
  en: 'AUTOMATIC: takes neither until nor text, since the maintenance windows decide. Leave them out.',
};
const OPEN_TAKES_NO_TEXT: LocalizedText = {
  vi: 'OPEN: không nhận text, vì người gọi không thấy nó. Hãy bỏ nó.',
  en: 'OPEN: takes no text, since callers would not see it. Leave it out.',
};

// A connector that serves calls: its manifest turned into an upstream and a guard, joined in `send`.

import type { BoundConnector } from '../connect/bind/call.ts';
import type { CompiledConnector } from '../connect/compile-connector.ts';
import type { ConnectAnswer } from '../connect/contract.ts';
import { createGuard, type GateSetting, type Guard, type Hold, type OperationState } from '../guard/guard.ts';
import type { QuotaLedger } from '../guard/quota/quota-ledger.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { personalDataOf } from '../manifest/personal-fields.ts';
import type { Channels, ConnectorReading } from '../observe/channels.ts';
import type { ReferenceSources } from '../references.ts';
import { isRenewable } from '../upstream/conditional.ts';
import { createUpstream, type Upstream } from '../upstream/upstream.ts';
import { createBoundedLedger } from './bounded-ledger.ts';
import { readConnector } from './connector-reading.ts';
import { consentRuleOf } from './consent-rule.ts';
import { buildGuardOptions, compileCallPlans } from './guard-spec.ts';
import { createMadeOnce } from './made-once.ts';
import type { MutationLedger } from './mutation-ledger.ts';
import { pollRulesOf, withPolling } from './polling.ts';
import { createProber, type ProbeResult } from './prober.ts';
import { purposeRuleOf } from './purpose-rule.ts';
import { createSend, type Traffic } from './send.ts';
import { buildUpstreamSpec, missingSecrets } from './upstream-spec.ts';

export interface LiveConnector {
  readonly id: string;
  readonly manifest: Manifest;
  readonly digest: string;
  readonly baseUrl: string;
  readonly compiled: CompiledConnector;
  readonly bound: BoundConnector;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly operations: () => readonly OperationState[];
  /** Health, gate and figures of the guard. */
  readonly guard: Omit<Guard, 'run' | 'close'>;
  /** References of the manifest that cannot be resolved at the moment. */
  readonly missingSecrets: () => readonly string[];
  /** What answers and handshakes of the source show about clocks and certificates. */
  readonly source: Pick<Upstream, 'clockSkewMs' | 'certificateError'>;
  /** The current figures of the connector. */
  readonly read: () => ConnectorReading;
  /** Checks that the source can be reached. Spends no quota; lets open breakers probe when it can. Never rejects. */
  readonly probe: () => Promise<ProbeResult>;
  readonly lastProbe: () => ProbeResult | undefined;
  /** Epoch milliseconds of the last call sent to the source. */
  readonly lastCallAt: () => number | undefined;
  /** Destroys the sockets. Call it when no request uses the connector any more. */
  readonly close: () => Promise<void>;
}

export interface LiveConnectorParts {
  readonly manifest: Manifest;
  readonly digest: string;
  /** Sequence number of the connectors built by this process. */
  readonly instance: number;
  readonly compiled: CompiledConnector;
  readonly baseUrl: string;
  /** Whether `baseUrl` is that of a simulator. Default: no. */
  readonly isSimulated?: boolean | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  readonly references: ReferenceSources;
  readonly channels: Channels;
  /** Counts the quota together with other replicas. Default: this process counts on its own. */
  readonly quotaLedger?: QuotaLedger | undefined;
  /** Epoch ms by the clock that the gateways on the store share. Default: that of this process. */
  readonly sharedNow?: (() => number) | undefined;
  /** Records mutations that carry an idempotency key. Default: repetitions are recognised while a mutation is under way. */
  readonly mutationLedger?: MutationLedger | undefined;
  /** The gate setting in force, if an operator made one. */
  readonly gate?: GateSetting | undefined;
  /** Holds that the source has asked for already. */
  readonly holds?: readonly Hold[] | undefined;
  /** Called when the source asks for fewer calls. */
  readonly onHold?: ((hold: Hold) => void) | undefined;
  /** Total time in which the event loop of this process stood still, ms. Default: none. */
  readonly stalledMs?: (() => number) | undefined;
}

export function createLiveConnector(parts: LiveConnectorParts): LiveConnector {
  const { manifest, digest, instance, compiled, baseUrl, isSimulated, config, env, references, channels } =
    parts;
  const { quotaLedger, mutationLedger, sharedNow, gate, holds = [], onHold, stalledMs } = parts;
  const { id } = manifest;
  const plans = compileCallPlans(manifest, compiled);
  const spec = buildUpstreamSpec(manifest, baseUrl, references, { isSimulated });
  const upstream = createUpstream(spec, {
    onCertificate: (change) => channels.certificate.publish({ connector: id, change }),
    stalledMs,
  });
  const guard = createGuard(buildGuardOptions(manifest), {
    onTransition: (transition) => channels.breaker.publish({ ...transition, instance }),
    sharedNow,
    ...(quotaLedger !== undefined && { quotaLedger }),
    ...(onHold !== undefined && { onHold }),
    // All answers are those of `send`.
    isRenewable: (answer) => isRenewable(answer as ConnectAnswer),
    stalledMs,
  });
  if (gate !== undefined) guard.setGate(gate);
  for (const hold of holds) guard.holdBack(hold);
  const madeOnce = createMadeOnce(
    id,
    mutationLedger && createBoundedLedger(mutationLedger, stalledMs ?? (() => 0)),
  );
  const traffic: Traffic = { lastCallAt: undefined };
  const bound: BoundConnector = {
    id,
    send: createSend({
      ...plans,
      connector: id,
      guard,
      madeOnce,
      upstream: withPolling(upstream, pollRulesOf(manifest, baseUrl), spec.hosts),
      channels,
      traffic,
      lateMs: lateMsOf(manifest),
    }),
    sharing: plans.sharing,
    perRequest: manifest.limits.perRequest,
    identifiesCase: manifest.xroad !== undefined,
    personal: personalDataOf(manifest, compiled.schema),
    purpose: purposeRuleOf(manifest),
    consent: consentRuleOf(manifest),
    config,
    env,
    onProblems: (operation, problems) => {
      if (!channels.mappingProblem.hasSubscribers()) return;
      const problem = problems.described[0]?.message ?? 'unknown';
      channels.mappingProblem.publish({
        connector: id,
        operation: operation.name,
        problem,
        count: problems.count,
      });
    },
  };
  const prober = createProber({
    connector: id,
    kind: manifest.probe?.GET === undefined ? 'SOCKET' : 'REQUEST',
    reach: (signal) => upstream.probe(signal),
    wake: () => guard.probeNow(),
    lastCallAt: () => traffic.lastCallAt,
    everyMs: manifest.probe?.everyMs,
    limitMs: manifest.limits.attemptTimeoutMs,
    stalledMs,
  });
  const read = (): ConnectorReading => readConnector(id, guard, upstream);
  const endCollection = channels.collection.subscribe(({ add }) => add(read()));
  /** Breakers end with their guard: subscribers that saw one open must not wait for it to close. */
  const tellReplaced = (): void => {
    for (const { operation, breaker } of guard.states()) {
      if (breaker === 'CLOSED') continue;
      const turn = {
        connector: id,
        instance,
        operation,
        from: breaker,
        to: 'CLOSED',
        cause: 'RELOADED',
      } as const;
      channels.breaker.publish({ ...turn, at: Date.now() });
    }
  };
  return {
    id,
    manifest,
    digest,
    baseUrl,
    compiled,
    bound,
    startedAt: Date.now(),
    operations: () => guard.states(),
    guard,
    source: upstream,
    missingSecrets: () => missingSecrets(manifest, references),
    read,
    probe: prober.probe,
    lastProbe: prober.last,
    lastCallAt: () => traffic.lastCallAt,
    close: async () => {
      endCollection();
      prober.close();
      tellReplaced();
      // A mutation that has begun runs to completion: the outcome of an aborted one would be unknown.
      await guard.close();
      await madeOnce.settled();
      await upstream.close();
    },
  };
}

/** The time after which an answer is late, by operation. */
export function lateMsOf({ health, breaker, limits, operations }: Manifest): (operation: string) => number {
  const declared = health.lateMs ?? breaker.slowCallMs;
  return (operation) => declared ?? (operations[operation]?.attemptTimeoutMs ?? limits.attemptTimeoutMs) / 2;
}

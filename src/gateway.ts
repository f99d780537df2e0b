// Composes the gateway from store, connectors, schema and server. Contains no logic besides the order in which the parts
// start and stop.

import about from '../package.json' with { type: 'json' };
import { readAccessFile } from './access-file.ts';
import { admitConnectors } from './admission/admit-connectors.ts';
import { openAudit } from './audit/open-audit.ts';
import { seedStore } from './city/seed-store.ts';
import type { Config } from './config.ts';
import { openDoor } from './door.ts';
import { createCatalogue } from './dossiers/catalogue.ts';
import { createLawfulBasis } from './dossiers/lawful-basis.ts';
import { purposeOfDossier } from './dossiers/nodes.ts';
import { createStoreResolvers } from './dossiers/resolvers.ts';
import { createScalars } from './dossiers/scalars.ts';
import { type ReloadReport, reloadReport, type StartReport, startedConnectors } from './gateway-reports.ts';
import type { Resolvers } from './generated/schema.ts';
import { buildGeneration } from './graph/build-generation.ts';
import { readCoreSchema } from './graph/core-schema.ts';
import { createGraphExecutor, type Generation } from './graph/executor.ts';
import { pageQueryFor } from './http/page-query.ts';
import { createHttpServer } from './http/server.ts';
import { createInService } from './in-service.ts';
import type { ConnectorFolder } from './manifest/read-folder.ts';
import { errorFields, type Log } from './observe/log.ts';
import { startObservation } from './observe/start-observation.ts';
import { openObservedStore } from './observed-store.ts';
import { createConnectorStates } from './operate/connector-states.ts';
import { createOperators } from './operate/operators.ts';
import { viewOf } from './operate/replica-view.ts';
import { createRegistry, readConnectorFolders } from './registry/registry.ts';
import { createMutationLedger } from './replicas/mutation-ledger.ts';
import { createReplicas } from './replicas/replicas.ts';
import { allOrFirstFailure, once, oneAtATime } from './sequencing.ts';
import { type SignIn, startSignIn } from './sign-in.ts';
import { NO_SIMULATORS, type Simulators, secretsOf, startSimulators } from './simulator/simulators.ts';

export interface Gateway {
  /** Opens the port. @throws ListenError when it is taken */
  listen(): Promise<StartReport>;
  /** Reads the connectors again. @throws DiagnosticsError when they are refused; the current schema then stays in service */
  reload(): Promise<ReloadReport>;
  /** Stops accepting requests, waits for those in progress, closes everything. */
  close(): Promise<void>;
  /** The running simulators by connector id; for tests and demonstrations. */
  readonly simulators: Simulators['running'];
  /** Exists only with simulators. */
  readonly development: SignIn['development'];
}

export interface GatewayDeps {
  readonly log: Log;
  /** Life of the tokens of the development issuer's code flow, seconds; for tests. */
  readonly tokenSeconds?: number | undefined;
}

/**
 * Opens the store, reads and composes the connectors, starts the simulators; `listen` then opens the port.
 * When a step fails, everything that earlier steps started is stopped.
 */
export async function createGateway(config: Config, { log, tokenSeconds }: GatewayDeps): Promise<Gateway> {
  const startedAt = performance.now();
  const closers: (() => unknown)[] = [];
  const close = once(async () => {
    for (const stop of closers.toReversed()) await stop();
  });
  try {
    // observation
    const observation = await startObservation(config, log);
    closers.push(observation.close);
    const { loop, channels, metrics, statistics } = observation;

    // store; the connector folders are read at the same time
    const opening = openObservedStore(config, log, metrics);
    opening.then((opened) => closers.push(opened.close)).catch(() => {});
    const [store, folders, core, access] = await allOrFirstFailure([
      opening,
      readConnectorFolders(config.connectorsDir),
      readCoreSchema(),
      readAccessFile(config.accessFile),
    ]);
    const replicas = await createReplicas({ store, log });
    closers.push(replicas.close);
    const mutationLedger = createMutationLedger({ store, log });
    closers.push(mutationLedger.close);
    const { syntheticCity, city } = await seedStore(store, config.seed);

    // simulators
    const simulators = config.simulators
      ? await startSimulators({
          folders,
          city: city(),
          host: config.host,
          basePort: config.port,
          ports: config.simulatorPorts,
          readEnv: config.readEnv,
        })
      : NO_SIMULATORS;
    closers.push(simulators.close);

    // audit
    const defined = secretsOf(simulators);
    const references = { readEnv: (name: string) => config.readEnv(name) ?? defined.get(name) };
    const audit = await openAudit({
      settings: config,
      references,
      store,
      replica: replicas.id,
      log,
      metrics,
    });
    closers.push(audit.close);
    const door = await openDoor({ config, digest: audit.keys.subject, access, store, log });
    closers.push(door.close);

    // connectors
    const registry = createRegistry({
      channels,
      stalledMs: loop.stalledMs,
      baseUrls: new Map([...simulators.running].map(([id, { url }]) => [id, url])),
      references,
      shared: {
        now: replicas.now,
        gateOf: (id) => replicas.gates().get(id)?.setting,
        holdsOf: replicas.holdsOf,
        shareHold: replicas.shareHold,
        quotaLedger: replicas.quotaLedger,
        mutationLedger,
      },
    });
    closers.push(
      registry.close,
      replicas.onGate(registry.setGate),
      replicas.onHold(registry.holdBack),
      replicas.onDropCache(registry.dropCache),
    );
    const inService = createInService(registry);
    const { connectors } = inService;
    const states = createConnectorStates({ statistics, channels, connectors, now: replicas.now });
    closers.push(
      states.close,
      replicas.onGate(states.look),
      channels.collection.subscribe(({ addSkew }) => {
        const skewMs = replicas.clockSkewMs();
        if (skewMs !== undefined) addSkew('store', skewMs);
      }),
    );
    const operators = createOperators({ statistics, states, shared: replicas, log });
    const signIn = await startSignIn({ config, access, folders, city, ...references, log, tokenSeconds });
    closers.push(signIn.close);

    // schema
    const catalogue = await createCatalogue(store);
    const resolvers: Resolvers = createStoreResolvers(store, catalogue);
    const lawfulBasis = createLawfulBasis(store, catalogue, audit.keys.subject);
    const load = (read: readonly ConnectorFolder[], sdl?: string): Generation =>
      inService.replace(read, (live, onRetired) =>
        buildGeneration({
          core,
          resolvers: [{ ...createScalars(), ...resolvers }, audit.resolversWith(inService.titleOf)],
          connectors: live,
          purposes: { Dossier: purposeOfDossier },
          ...lawfulBasis,
          operators,
          onRetired,
          sdl,
        }),
      );
    const generation = load(folders);
    states.look();
    const publishView = (): void => replicas.publish(() => viewOf(connectors(), states));
    publishView();
    closers.push(channels.breaker.subscribe(publishView), replicas.onGate(publishView));
    const executor = createGraphExecutor(generation, {
      limits: config,
      introspection: config.introspection,
      admit: door.admit,
      onMasked: (error, { requestId }) =>
        log.error({ requestId, err: errorFields(error) }, 'an error was masked'),
    });

    // server
    const exampleQuery = pageQueryFor(generation.schema);
    const server = await createHttpServer({
      graph: executor,
      documents: door.documents,
      chargeRefusal: door.chargeRefusal,
      audit: audit.ofRequest,
      stalledMs: loop.stalledMs,
      config,
      log,
      metrics,
      channels,
      checkStore: store.check,
      identification: signIn,
      people: signIn.development,
      exampleQuery,
      status: (asked) => operators.status(connectors(), { ...asked, version: about.version }),
    });
    closers.push(server.close);

    return {
      simulators: simulators.running,
      development: signIn.development,
      listen: async () => {
        const addresses = await server.listen();
        signIn.start();
        return {
          ...addresses,
          development: signIn.development === undefined ? null : await signIn.development.introduce(),
          store: store.describe(),
          syntheticCity,
          simulators: config.simulators,
          connectors: startedConnectors(connectors(), operators, simulators.running),
          exampleQuery,
          readyInMs: Math.round(performance.now() - startedAt),
        };
      },
      reload: oneAtATime(async () => {
        const admitted = await admitConnectors(config.connectorsDir, {
          core,
          readEnv: references.readEnv,
          known: inService.folders(),
          prepare: registry.prepare,
        });
        const before = connectors();
        executor.swap(load(admitted.folders, admitted.sdl));
        states.look();
        publishView();
        return reloadReport(before, connectors(), operators);
      }),
      close,
    };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

// Connector folders become live connectors. `load` builds a set that either works as a whole or is refused with every reason.
// Connectors whose folder did not change keep their breakers, pools and tokens.

import { isIP } from 'node:net';
import { checkAgainstManifest } from '../connect/check/manifest.ts';
import { compileConnector } from '../connect/compile-connector.ts';
import { type Diagnostic, DiagnosticsError, isError } from '../diagnostic.ts';
import type { GateSetting, Hold, QuotaLimits } from '../guard/contract.ts';
import type { QuotaLedger } from '../guard/quota/quota-ledger.ts';
import { dataFacts } from '../manifest/data-keys.ts';
import { operationRulesOf } from '../manifest/operation-rules.ts';
import { type ConnectorFolder, listConnectorFolders, readConnectorFolder } from '../manifest/read-folder.ts';
import type { Channels } from '../observe/channels.ts';
import {
  type ReferenceSources,
  resolveReferences,
  SecretReferenceError,
  shownSetting,
} from '../references.ts';
import { createLiveConnector, type LiveConnector, type LiveConnectorParts } from './live-connector.ts';
import type { MutationLedger } from './mutation-ledger.ts';

/** State shared with the other gateways on the store, for a new connector. */
export interface SharedState {
  /** Epoch ms by their clock. */
  readonly now: () => number;
  /** The latest gate setting. */
  readonly gateOf: (connector: string) => GateSetting | undefined;
  /** The holds that its source has asked any of them for. */
  readonly holdsOf: (connector: string) => readonly Hold[];
  /** Passes a hold that its source has asked for to the others. */
  readonly shareHold: (connector: string, hold: Hold) => void;
  /** Counts the quota; `undefined`: the connector counts on its own. */
  readonly quotaLedger: (connector: string, options: QuotaLimits) => QuotaLedger | undefined;
  /** Records mutations that carry an idempotency key. */
  readonly mutationLedger: MutationLedger;
}

export interface RegistryOptions {
  readonly references: ReferenceSources;
  /** Base URLs that replace those of the manifests, by connector id: running simulators. */
  readonly baseUrls: ReadonlyMap<string, string>;
  readonly channels: Channels;
  /** Total time in which the event loop of this process stood still, ms. Default: none. */
  readonly stalledMs?: (() => number) | undefined;
  /** Default: nothing is shared. */
  readonly shared?: SharedState;
}

/** A whole set of connectors; `release` closes those that the next set does not share. */
export interface ConnectorSet {
  readonly connectors: readonly LiveConnector[];
  /** Closes what only this set uses. */
  readonly release: () => Promise<void>;
}

export interface Registry {
  /** Compiles a folder ahead of `load`, which reports its errors. */
  readonly prepare: (folder: ConnectorFolder) => void;
  /** Builds the next set. @throws DiagnosticsError with every reason, with nothing changed */
  readonly load: (folders: readonly ConnectorFolder[]) => ConnectorSet;
  /** Applies a gate setting to every connector of this id, including one whose last requests end while its successor serves. */
  readonly setGate: (connector: string, setting: GateSetting) => void;
  /** Holds back calls of every connector of this id, as another gateway was asked to. */
  readonly holdBack: (connector: string, hold: Hold) => void;
  /** Drops the cached answers of every connector of this id. */
  readonly dropCache: (connector: string) => void;
  readonly close: () => Promise<void>;
}

/** Reads every folder. @throws DiagnosticsError with the mistakes of all folders together */
export async function readConnectorFolders(connectorsDir: string): Promise<ConnectorFolder[]> {
  const diagnostics: Diagnostic[] = [];
  const folders: ConnectorFolder[] = [];
  for (const path of await listConnectorFolders(connectorsDir)) {
    try {
      folders.push(await readConnectorFolder(path));
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      diagnostics.push(...error.diagnostics);
    }
  }
  if (diagnostics.length > 0) throw new DiagnosticsError(diagnostics);
  return folders;
}

export function createRegistry(options: RegistryOptions): Registry {
  /** Open connectors, and the number of sets that use each. A refused set leaves nothing here. */
  const uses = new Map<LiveConnector, number>();
  let instances = 0;
  /** Folders compiled ahead of `load`. */
  const prepared = new WeakMap<ConnectorFolder, Compiled>();
  const openOne = (id: string, digest: string): LiveConnector | undefined => {
    for (const connector of uses.keys()) {
      if (connector.id === id && connector.digest === digest) return connector;
    }
    return undefined;
  };

  const drop = async (connector: LiveConnector) => {
    const left = (uses.get(connector) ?? 0) - 1;
    if (left > 0) {
      uses.set(connector, left);
      return;
    }
    uses.delete(connector);
    await connector.close();
  };

  return {
    prepare: (folder) => {
      if (openOne(folder.manifest.id, folder.digest) !== undefined) return;
      try {
        prepared.set(folder, compileFolder(folder, options));
      } catch (error) {
        if (!(error instanceof DiagnosticsError)) throw error;
      }
    },
    load: (folders) => {
      const diagnostics: Diagnostic[] = [];
      const connectors: LiveConnector[] = [];
      const made: LiveConnector[] = [];
      for (const folder of folders) {
        const same = openOne(folder.manifest.id, folder.digest);
        if (same !== undefined) {
          connectors.push(same);
          continue;
        }
        try {
          const compiled = prepared.get(folder) ?? compileFolder(folder, options);
          const connector = buildConnector(folder, compiled, ++instances, options);
          made.push(connector);
          connectors.push(connector);
        } catch (error) {
          if (!(error instanceof DiagnosticsError)) throw error;
          diagnostics.push(...error.diagnostics);
        }
      }
      if (diagnostics.length > 0) {
        for (const connector of made) void connector.close();
        throw new DiagnosticsError(diagnostics);
      }
      for (const connector of connectors) uses.set(connector, (uses.get(connector) ?? 0) + 1);
      let released = false;
      return {
        connectors,
        release: async () => {
          if (released) return;
          released = true;
          await Promise.all(connectors.map(drop));
        },
      };
    },
    setGate: (id, setting) => {
      for (const connector of uses.keys()) if (connector.id === id) connector.guard.setGate(setting);
    },
    holdBack: (id, hold) => {
      for (const connector of uses.keys()) if (connector.id === id) connector.guard.holdBack(hold);
    },
    dropCache: (id) => {
      for (const connector of uses.keys()) if (connector.id === id) connector.guard.dropCache();
    },
    close: async () => {
      const open = [...uses.keys()];
      uses.clear();
      await Promise.all(open.map((connector) => connector.close()));
    },
  };
}

/** A compiled folder with the values that its environment supplies. */
type Compiled = Pick<LiveConnectorParts, 'compiled' | 'baseUrl' | 'isSimulated' | 'config' | 'env'>;

/** @throws DiagnosticsError with the errors that depend on the environment, or on the schema */
function compileFolder(folder: ConnectorFolder, options: RegistryOptions): Compiled {
  const { manifest, schema } = folder;
  const { references } = options;
  const simulator = options.baseUrls.get(manifest.id);
  const baseUrl = simulator ?? ownBaseUrl(folder, references);
  if (simulator === undefined) refuseWrongHosts(folder, references);
  const config = { ...manifest.config, baseUrl };
  const env = Object.fromEntries(manifest.env.map((name) => [name, references.readEnv(name) ?? '']));
  const compiled = compileConnector(schema, {
    id: manifest.id,
    config,
    env,
    requiresPurpose: manifest.data.purpose === 'required',
    ...operationRulesOf(manifest),
    shares: manifest.shares,
  });
  const { data, source } = manifest;
  const findings = checkAgainstManifest(compiled, { hosts: source.hosts, baseUrl, ...dataFacts(data) });
  if (findings.some(isError)) throw new DiagnosticsError(findings);
  return { compiled, baseUrl, isSimulated: simulator !== undefined, config, env };
}

function buildConnector(
  { manifest, digest }: ConnectorFolder,
  compiled: Compiled,
  instance: number,
  options: RegistryOptions,
): LiveConnector {
  const { references, channels, shared } = options;
  const { id, quota } = manifest;
  return createLiveConnector({
    ...compiled,
    manifest,
    digest,
    instance,
    references,
    channels,
    quotaLedger: quota && shared?.quotaLedger(id, quota),
    mutationLedger: shared?.mutationLedger,
    sharedNow: shared?.now,
    stalledMs: options.stalledMs,
    gate: shared?.gateOf(id),
    holds: shared?.holdsOf(id),
    onHold: shared && ((hold) => shared.shareHold(id, hold)),
  });
}

function ownBaseUrl(folder: ConnectorFolder, references: ReferenceSources): string {
  const file = schemaFileToManifest(folder.schema.file);
  const refuse = (message: string, found: string): never => {
    throw new DiagnosticsError([
      {
        code: 'ManifestInvalid',
        message,
        file,
        coordinate: 'source.baseUrl',
        found,
        expected: 'an http or https URL',
        wayOut: 'Set the variable it refers to, or write the URL.',
      },
    ]);
  };
  const declared = folder.manifest.source.baseUrl;
  let text: string;
  try {
    text = resolveReferences(declared, references);
  } catch (error) {
    if (!(error instanceof SecretReferenceError)) throw error;
    return refuse(`The base URL is not known: ${error.message}.`, shownSetting(declared));
  }
  // The text may be a secret that the wrong variable holds: only what the manifest says is shown.
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    return refuse('The base URL is not a URL.', shownSetting(declared));
  return text;
}

/** @throws DiagnosticsError for an entry of `source.hosts` that cannot be one, by its reference */
function refuseWrongHosts({ manifest, schema }: ConnectorFolder, references: ReferenceSources): void {
  const findings = manifest.source.hosts.flatMap((declared, index) => {
    let fault: string | undefined;
    try {
      const isWrong = resolveReferences(declared, references)
        .split(',')
        .some((host) => !isHost(host.trim()));
      if (isWrong) fault = 'The setting holds something that is neither a host nor an address.';
    } catch (error) {
      if (!(error instanceof SecretReferenceError)) throw error;
      fault = `The host is not known: ${error.message}.`;
    }
    if (fault === undefined) return [];
    return [
      {
        code: 'ManifestInvalid',
        message: fault,
        file: schemaFileToManifest(schema.file),
        coordinate: `source.hosts.${index}`,
        found: shownSetting(declared),
        expected: 'host, host:port, *.domain, an address or a range such as 10.20.0.0/16',
        wayOut: 'Correct the variable it refers to, or the entry.',
      },
    ];
  });
  if (findings.length > 0) throw new DiagnosticsError(findings);
}

/** Empty where a reference adds no host. */
function isHost(text: string): boolean {
  if (text === '') return true;
  const [address = '', bits] = text.split('/', 2);
  const version = isIP(address);
  if (version !== 0)
    return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32));
  return (
    bits === undefined &&
    /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?(:\d{1,5})?$|^\[[0-9a-fA-F:.]+\](:\d{1,5})?$/.test(
      text,
    )
  );
}

const schemaFileToManifest = (file: string): string => file.replace(/schema\.graphql$/, 'connector.yaml');

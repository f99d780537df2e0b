// The connectors in service: one set of folders after another, each with the schema that it makes. A set that is refused changes
// nothing.

import type { Generation } from './graph/executor.ts';
import type { ConnectorFolder } from './manifest/read-folder.ts';
import type { LiveConnector } from './registry/live-connector.ts';
import type { Registry } from './registry/registry.ts';

export interface InService {
  /** None before the first set. */
  readonly connectors: () => readonly LiveConnector[];
  /** The folders of the connectors. */
  readonly folders: () => readonly ConnectorFolder[];
  /** The title of a connector, in both languages. */
  readonly titleOf: (id: string) => LiveConnector['manifest']['title'] | undefined;
  /** @throws DiagnosticsError with every reason */
  readonly replace: (folders: readonly ConnectorFolder[], build: BuildSchema) => Generation;
}

/** @param onRetired releases the connectors when the last request on the schema has ended */
export type BuildSchema = (connectors: readonly LiveConnector[], onRetired: () => void) => Generation;

export function createInService(registry: Pick<Registry, 'load'>): InService {
  let connectors: readonly LiveConnector[] = [];
  let current: readonly ConnectorFolder[] = [];
  return {
    connectors: () => connectors,
    folders: () => current,
    titleOf: (id) => connectors.find((each) => each.id === id)?.manifest.title,
    replace: (folders, build) => {
      const set = registry.load(folders);
      try {
        const generation = build(set.connectors, set.release);
        connectors = set.connectors;
        current = folders;
        return generation;
      } catch (error) {
        void set.release();
        throw error;
      }
    },
  };
}

// What a check of connectors takes and returns. Plain data, which passes between a worker and its parent.

import { relative, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostic.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ConnectorTexts } from '../manifest/read-folder.ts';

/** What is checked: a connector folder, or a schema without a manifest beside it. */
export interface CheckTarget {
  readonly kind: 'folder' | 'schema';
  readonly path: string;
  /** The texts of the folder, when they have been read already. */
  readonly texts?: ConnectorTexts;
}

export interface CheckedConnector {
  readonly id: string;
  /** The folder, or the schema without a manifest. */
  readonly path: string;
  readonly errors: number;
  readonly warnings: number;
  /** Names of its operations, if it compiles. */
  readonly operations: readonly string[];
  /** Whether any runtime of the connect spec can run it; null if that cannot be determined yet. */
  readonly portable: boolean | null;
  /** Methods of our mapping extension that it uses. */
  readonly ownMethods: readonly string[];
}

export interface CheckReport {
  readonly connectors: readonly CheckedConnector[];
  /** In the order of the connectors; those of composition last. */
  readonly findings: readonly Diagnostic[];
  /** False when no connector could be composed with the gateway's schema. */
  readonly composed: boolean;
  /** The manifests that can be read, by path of the folder. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** The unified schema of all folders; `undefined` when one of them has an error. */
  readonly sdl: string | undefined;
}

/** The report of a check that was ended. */
export const endedReport = (finding: Diagnostic): CheckReport => ({
  connectors: [],
  findings: [finding],
  composed: false,
  manifests: new Map(),
  sdl: undefined,
});

/** Relative to the working directory, as in findings. */
export const shownPath = (path: string): string => relative(process.cwd(), resolve(path)) || '.';

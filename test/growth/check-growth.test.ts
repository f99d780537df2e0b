// Checking and compiling a connector costs what its files have in characters, whatever they contain: counted steps as hostile
// manifests, schemas and mappings grow, up to the limits of their sizes.

import { describe, expect, it } from 'vitest';
import { checkAgainstManifest } from '../../src/connect/check/manifest.ts';
import { compileConnector } from '../../src/connect/compile-connector.ts';
import { type Diagnostic, DiagnosticsError, MAX_FINDINGS } from '../../src/diagnostic.ts';
import { dataFacts } from '../../src/manifest/data-keys.ts';
import { parseConnectorFolder } from '../../src/manifest/read-folder.ts';
import { CHECK_CASES, MANIFEST, SCHEMA } from './check-cases.ts';
import { countSteps, superlinearPatterns } from './count-steps.ts';

const SIZES = [1024, 16 * 1024, 96 * 1024] as const;
/** Steps of the parts that do not grow. */
const FIXED = 400_000;
/** Steps per character at most: a finding may read its text, and there are at most 100 of each kind. */
const PER_CHARACTER = 600;

interface Checked {
  readonly steps: number;
  readonly findings: number;
}

const texts = (parts: { readonly manifest: string; readonly schema: string }) => ({
  path: 'connectors/postal',
  ...parts,
  findings: [],
  simulator: undefined,
  digest: '',
});

function check(parts: { readonly manifest: string; readonly schema: string }): void {
  const { manifest, schema } = parseConnectorFolder(texts(parts));
  const config = { ...manifest.config, baseUrl: 'http://source.test' };
  compileConnector(schema, { id: manifest.id, config, env: {} });
  checkAgainstManifest({ schema }, { hosts: manifest.source.hosts, ...dataFacts(manifest.data) });
}

/** The findings with which a connector is refused. */
function findingsOf(parts: { readonly manifest: string; readonly schema: string }): readonly Diagnostic[] {
  try {
    check(parts);
    return [];
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics;
  }
}

describe('connectors', { timeout: 120_000 }, () => {
  it('the shipped connector · passes', () => {
    check({ manifest: MANIFEST, schema: SCHEMA });
  });

  it.each(CHECK_CASES)('$name · checked · steps as the text grows', (row) => {
    countSteps(() => findingsOf(row.texts(SIZES[0])));
    const [, medium, large] = SIZES.map((bytes) => {
      const parts = row.texts(bytes);
      const steps = countSteps(() => findingsOf(parts));
      expect(steps).toBeLessThanOrEqual(FIXED + PER_CHARACTER * bytes);
      return { steps, findings: findingsOf(parts).length };
    }) as [Checked, Checked, Checked];
    // More findings than before cost more than the text.
    if (medium.findings !== large.findings) return;
    expect((large.steps - FIXED) / SIZES[2]).toBeLessThanOrEqual((medium.steps / SIZES[1]) * 1.2);
  });

  it.each(CHECK_CASES)('$name · checked · findings are limited', (row) => {
    const findings = findingsOf(row.texts(SIZES[2]));
    for (const { found, message } of findings)
      expect(Math.max(found?.length ?? 0, message.length)).toBeLessThan(1100);
    // Reading, parsing and checking are limited one by one.
    expect(findings.length).toBeLessThanOrEqual(3 * (MAX_FINDINGS + 1));
  });
});

describe('regular expressions', () => {
  it('those that ran above · begin with no open repetition that can fail later', () => {
    expect(superlinearPatterns()).toEqual([]);
  });
});

// Every case of every connector, run as `lienthong connector test` runs it: the request that is built, the recorded
// answer, the result and the problems.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCase } from '../../src/admission/cases.ts';
import { createCaseRunner } from '../../src/admission/run-case.ts';
import { readConnectorSchema } from '../../src/connect/read/read-schema.ts';
import { readManifest } from '../../src/manifest/manifest.ts';

const folder = new URL('../../connectors/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8');
const connectors = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe.each(connectors.map((entry) => entry.name))('%s · cases', (id) => {
  const run = createCaseRunner(
    readManifest(read(`${id}/connector.yaml`), `connectors/${id}/connector.yaml`),
    readConnectorSchema(read(`${id}/schema.graphql`), `connectors/${id}/schema.graphql`),
  );

  it.each(readdirSync(new URL(`${id}/cases/`, folder)))('%s', (file) => {
    const { differences, refusal } = run(readCase(read(`${id}/cases/${file}`), file));
    expect({ differences, refusal }).toEqual({ differences: [], refusal: undefined });
  });
});

// Test maker: a connector folder read, compiled and bound to its running simulator by the real upstream, without guard.
import { readFileSync } from 'node:fs';
import { compileConnector } from '../../src/connect/compile-connector.ts';
import { readConnectorSchema } from '../../src/connect/read/read-schema.ts';
import type { MappedAnswer } from '../../src/connect/request/operation.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { buildUpstreamSpec } from '../../src/registry/upstream-spec.ts';
import type { RunningSimulator } from '../../src/simulator/kit.ts';
import { createUpstream } from '../../src/upstream/upstream.ts';

export interface AConnector {
  /** Asks one operation; problems of the mapping come with the value. */
  ask(operation: string, key: unknown, context?: unknown): Promise<MappedAnswer & { notFound: boolean }>;
  close(): Promise<void>;
}

export function aConnector(simulator: RunningSimulator, now: () => number): AConnector {
  const folder = new URL(`../../connectors/${simulator.id}/`, import.meta.url);
  const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
  const manifest = readManifest(read('connector.yaml'), 'connector.yaml');
  const config = { ...manifest.config, baseUrl: simulator.url };
  const { operations } = compileConnector(readConnectorSchema(read('schema.graphql'), 'schema.graphql'), {
    id: simulator.id,
    config,
    env: {},
  });
  const references = { readEnv: (name: string) => simulator.secrets[name] };
  const upstream = createUpstream(buildUpstreamSpec(manifest, simulator.url, references), { now });

  return {
    async ask(name, key, context) {
      const operation = operations.find((candidate) => candidate.name === name);
      if (operation === undefined) throw new Error(`No operation "${name}".`);
      const vars = { this: key, context, config };
      const answer = await upstream.attempt(operation.buildRequest(vars), AbortSignal.timeout(5_000));
      return { notFound: answer.notFound === true, ...operation.mapAnswer(answer, vars) };
    },
    close: () => upstream.close(),
  };
}

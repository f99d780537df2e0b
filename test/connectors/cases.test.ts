// Every case of every connector, run through the real reader, compiler, codec and judge, without a network: the request
// that is built, the recorded answer, the result and the problems. One rejected case names its file.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileConnector } from '../../src/connect/compile-connector.ts';
import type { ConnectAnswer } from '../../src/connect/contract.ts';
import { readConnectorSchema } from '../../src/connect/read/read-schema.ts';
import { isGatewayError } from '../../src/errors.ts';
import { readManifest } from '../../src/registry/manifest.ts';
import { createCodec } from '../../src/upstream/codecs/codec.ts';
import { compileJudge } from '../../src/upstream/judge.ts';

interface Case {
  readonly name: string;
  readonly operation: string;
  readonly this?: unknown;
  readonly args?: unknown;
  readonly context?: unknown;
  readonly request?: { method?: string; path?: string; headers?: Record<string, string>; body?: unknown };
  readonly answer: { status: number; headers: Record<string, string>; body: string };
  readonly expect: { result?: unknown; notFound?: boolean; error?: string; problems?: readonly string[] };
}

const folder = new URL('../../connectors/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8');
const connectors = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe.each(connectors.map((entry) => entry.name))('%s · cases', (id) => {
  const manifest = readManifest(read(`${id}/connector.yaml`), `connectors/${id}/connector.yaml`);
  const config = { ...manifest.config, baseUrl: 'http://source.test' };
  const { operations } = compileConnector(
    readConnectorSchema(read(`${id}/schema.graphql`), `connectors/${id}/schema.graphql`),
    { id, config, env: {} },
  );
  const spec = { protocol: manifest.protocol, hosts: [], soap: manifest.soap };
  const codec = createCodec(spec);
  const judge = compileJudge({ outcome: manifest.outcome });

  it.each(readdirSync(new URL(`${id}/cases/`, folder)))('%s', (file) => {
    const given = parse(read(`${id}/cases/${file}`)) as Case;
    const operation = operations.find(({ name }) => name === given.operation);
    if (operation === undefined) throw new Error(`No operation "${given.operation}" in ${id}.`);
    const vars = { this: given.this, args: given.args, context: given.context, config };

    // request
    const built = operation.buildRequest(vars);
    expect(built.origin).toBe('http://source.test');
    if (given.request !== undefined) {
      const { method, path, headers, body } = built;
      expect({ method, path, body }).toEqual({ body: undefined, ...given.request, headers: undefined });
      expect(headers).toMatchObject(given.request.headers ?? {});
      // The order of elements is part of a SOAP request.
      expect(JSON.stringify(body)).toBe(JSON.stringify(given.request.body));
    }

    // answer
    const outcome = runAnswer();
    expect(outcome).toEqual({ problems: [], ...given.expect });

    function runAnswer() {
      const { status, headers, body } = given.answer;
      try {
        const decoded = codec.decode({ status, headers, bytes: Buffer.from(body) });
        const raw: ConnectAnswer = { status, headers, body: decoded.body, fetchedAt: 0, freshness: 'LIVE' };
        const answer = judge({ ...raw, freshness: 'LIVE' }, decoded, built);
        const { value, problems } = operation?.mapAnswer(answer, vars) ?? { value: undefined, problems: [] };
        const told = problems.map((problem) => `${problem.path.join('.')}: ${problem.message}`);
        return answer.notFound ? { notFound: true, problems: told } : { result: value, problems: told };
      } catch (error) {
        if (!isGatewayError(error)) throw error;
        return { error: error.code, problems: [] };
      }
    }
  });
});

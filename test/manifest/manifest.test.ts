import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { DiagnosticsError } from '../../src/diagnostic.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { compileReferences, resolveReferences, SecretReferenceError } from '../../src/references.ts';
import { buildUpstreamSpec, missingSecrets } from '../../src/registry/upstream-spec.ts';

const LEAST = `
id: thing
title: { vi: Vật, en: Thing }
owner: { agency: Sở Vật, contact: a@b.example }
source: { baseUrl: "http://127.0.0.1:9" }
`;
const read = (yaml: string) => readManifest(yaml, 'connectors/thing/connector.yaml');
function refusal(yaml: string): string {
  try {
    read(yaml);
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.message;
    throw error;
  }
  throw new Error('the manifest was accepted');
}

describe('a manifest', () => {
  it('the least one · read · complete with defaults', () => {
    expect(read(LEAST)).toMatchObject({
      protocol: 'json',
      lifecycle: 'stable',
      credentials: { type: 'none' },
      limits: { attemptTimeoutMs: 3000, perRequest: 16 },
      breaker: { failureRate: 0.5, minimumCalls: 8 },
      bulkhead: { maxConcurrent: 64 },
    });
  });

  it('several mistakes · read · each with line, place and what was expected', () => {
    const message = refusal(`${LEAST}protocol: gopher\nlimits: { attemptTimeoutMs: 0, retries: 3 }\n`);
    expect(message).toContain('connectors/thing/connector.yaml:6:1 ManifestInvalid protocol:');
    expect(message).toContain('limits.attemptTimeoutMs');
    expect(message).toContain('expected: one of attemptTimeoutMs, maxResponseBytes,');
  });

  it('a secret in the file · read · refused without repeating it', () => {
    const message = refusal(`${LEAST}credentials: { type: header, name: X-Key, value: hunter2hunter2 }\n`);
    expect(message).toContain('a secret must be given by reference');
    expect(message).not.toContain('hunter2');
  });

  it('a breaker that would open without a call · read · refused', () => {
    expect(refusal(`${LEAST}breaker: { minimumCalls: 0 }`)).toContain('breaker.minimumCalls');
  });

  it('defaults that depend on another key · read · filled in', () => {
    const { breaker, operations } = read(
      `${LEAST}breaker: { minimumCalls: 12 }\noperations: { a: { cache: { ttlMs: 1 } }, b: { group: g } }`,
    );
    expect(breaker.failuresInARow).toBe(12);
    expect(read(`${LEAST}breaker: { minimumCalls: 1 }`).breaker.failuresInARow).toBe(2);
    expect([operations.a?.coalesce, operations.b?.coalesce]).toEqual([true, false]);
  });

  it('YAML that cannot be read · read · the place', () => {
    expect(refusal('id: [')).toMatch(/connector\.yaml:1:\d+ ManifestSyntax/);
  });
});

describe('references', () => {
  const references = { readEnv: (name: string) => ({ A: 'x', B: 'y' })[name] };

  it('environment variables · resolved · also inside other text, with a default where one is written', () => {
    expect(resolveReferences('${env:A}-${env:B}', references)).toBe('x-y');
    expect(resolveReferences('${env:C:-http://127.0.0.1:4001}', references)).toBe('http://127.0.0.1:4001');
  });

  it('one that leads nowhere · resolved · an error that names the reference', () => {
    expect(() => resolveReferences('${env:NOT_THERE}', references)).toThrow(SecretReferenceError);
    expect(() => resolveReferences('${env:NOT_THERE}', references)).toThrow('NOT_THERE');
    expect(() => resolveReferences('${file:/not/there}', references)).toThrow('/not/there');
  });

  it('a secret in a file · changed · the new one within a second', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const folder = mkdtempSync(join(tmpdir(), 'secret-'));
    try {
      const file = join(folder, 'key');
      writeFileSync(file, 'old\n');
      const read = compileReferences(`Bearer \${file:${file}}`, references);
      expect(read()).toBe('Bearer old');
      writeFileSync(file, 'new\n');
      vi.advanceTimersByTime(1001);
      expect(read()).toBe('Bearer new');
    } finally {
      vi.useRealTimers();
      rmSync(folder, { recursive: true });
    }
  });

  it('a secret that changes · used again · the new one', () => {
    const env: Record<string, string> = { KEY: 'old' };
    const manifest = read(`${LEAST}credentials: { type: header, name: X-Key, value: "\${env:KEY}" }\n`);
    const rotating = { readEnv: (name: string) => env[name] };
    const { credentials } = buildUpstreamSpec(manifest, 'http://127.0.0.1:9', rotating);
    const source = credentials.open({ requestToken: async () => null, now: Date.now, usesSoap: false });
    const prove = () =>
      source.prove({ origin: 'http://127.0.0.1:9', path: '/' }, new AbortController().signal);
    expect(prove()).toEqual({ headers: { 'x-key': 'old' } });
    env.KEY = 'new';
    expect(prove()).toEqual({ headers: { 'x-key': 'new' } });
    delete env.KEY;
    expect(missingSecrets(manifest, rotating)).toEqual(['the environment variable KEY is not set']);
    expect(prove).toThrow('KEY is not set');
  });
});

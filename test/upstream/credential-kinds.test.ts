// What every kind of credentials guarantees, tried with the example of its own documentation over real sockets. The table of kinds is
// the list of tests: a new kind is held to this suite without a change here.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';
import { buildUpstreamSpec } from '../../src/registry/upstream-spec.ts';
import { CREDENTIAL_KINDS } from '../../src/upstream/credentials/kinds.ts';
import { createUpstream } from '../../src/upstream/upstream.ts';
import { aManifest, type ManifestInput } from '../a-manifest.ts';
import { aKind } from './a-kind.ts';
import { type Asked, aRequest, aSource, type Behaviour, json, live } from './a-source.ts';

const PATH = '/thing';
const kinds = CREDENTIAL_KINDS.map(({ schema }) => [schema.shape.type.value, schema] as const);

/** A source that remembers what it was sent, and whose token endpoint issues a token that depends on the credentials. */
async function aGuardedSource(kind: ReturnType<typeof aKind>) {
  const refused = new Set<string>();
  const proofOf = ({ url, headers, body }: Asked): string => {
    const { host: _, connection: __, ...rest } = headers;
    return JSON.stringify([url, rest, body]);
  };
  const source = await aSource((response, asked, request) => {
    if (!asked.url.startsWith(PATH)) {
      const { authorization = '' } = asked.headers;
      const token = createHash('sha256')
        .update(authorization + asked.body)
        .digest('hex');
      const { tokenAt = 'access_token' } = kind.declared;
      const answer = String(tokenAt)
        .split('.')
        .reduceRight<unknown>((value, key) => ({ [key]: value }), token);
      return json({ ...(answer as object), expires_in: 3600 })(response, asked, request);
    }
    return json({}, refused.has(proofOf(asked)) ? 401 : 200)(response, asked, request);
  });
  const upstream = createUpstream(
    buildUpstreamSpec(
      aManifest({ credentials: kind.declared as ManifestInput['credentials'] }),
      source.origin,
      kind.references,
    ),
    { now: () => 1_700_000_000_000 },
  );
  onTestFinished(() => upstream.close());
  const calls = (): Asked[] => source.asked.filter(({ url }) => url.startsWith(PATH));
  return {
    source,
    calls,
    attempt: () =>
      upstream.attempt(aRequest(source.origin, { path: PATH, method: 'POST', body: { a: 1 } }), live()),
    lastProof: () => proofOf(calls().at(-1) as Asked),
    refuse: (proof: string) => void refused.add(proof),
  };
}

const errorOf = (run: Promise<unknown>): Promise<GatewayError> =>
  run.then(
    () => expect.unreachable(),
    (error: GatewayError) => error,
  );

/** Everything that a log could show of an error. */
const shown = (error: GatewayError): string =>
  inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error) + error.stack;

/** The values of a request that one without credentials does not have. */
async function proofValues({ headers, url, body }: Asked): Promise<string[]> {
  const bare = await aGuardedSource(aKind(NONE.schema));
  await bare.attempt();
  const [without] = bare.calls() as [Asked];
  const found = [...Object.values(headers), ...new URL(url, 'http://x').searchParams.values(), body];
  const known = new Set<unknown>([
    ...Object.values(without.headers),
    headers.host,
    headers['content-length'],
    without.body,
  ]);
  return found.filter((value): value is string => typeof value === 'string' && !known.has(value));
}

const NONE = CREDENTIAL_KINDS[0];
const withSecrets = kinds.filter(([, schema]) => aKind(schema).secrets().length > 0);

it('the table · has kinds with secrets, and one without', () => {
  expect(withSecrets.length).toBe(kinds.length - 1);
  expect(NONE.schema.shape.type.value).toBe('none');
});

describe.each(withSecrets)('credentials of type %s', (_, schema) => {
  it('are in the request', async () => {
    const guarded = await aGuardedSource(aKind(schema));
    expect((await guarded.attempt()).status).toBe(200);
    expect(await proofValues(guarded.calls()[0] as Asked)).not.toEqual([]);
  });

  it('rotated · are used without a restart', async () => {
    const kind = aKind(schema);
    const guarded = await aGuardedSource(kind);
    await guarded.attempt();
    const old = guarded.lastProof();
    kind.rotate();
    guarded.refuse(old);
    expect((await guarded.attempt()).status).toBe(200);
    expect(guarded.lastProof()).not.toBe(old);
  });

  it('with a reference that cannot be resolved · UPSTREAM_UNAUTHORIZED, and nothing is sent', async () => {
    const kind = aKind(schema);
    const secrets = kind.secrets();
    kind.lose();
    const { attempt, source } = await aGuardedSource(kind);
    const error = await errorOf(attempt());
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED', fault: 'GATEWAY' });
    expect(error.message).toMatch(/REFERENCE_\d+ is not set/);
    expect(source.asked).toEqual([]);
    for (const secret of secrets) expect(shown(error)).not.toContain(secret);
  });

  it.each([
    ['refuses', json({ why: 'no' }, 403)],
    ['breaks', json({}, 500)],
    ['closes the connection', (_, __, request) => void request.socket.destroy()],
  ] as [string, Behaviour][])('of a source that %s · are in no error', async (_, behaviour) => {
    const kind = aKind(schema);
    const guarded = await aGuardedSource(kind);
    await guarded.attempt();
    const proof = await proofValues(guarded.calls()[0] as Asked);
    guarded.source.behave(behaviour);
    const error = await errorOf(guarded.attempt());
    for (const secret of [...kind.secrets(), ...proof]) expect(shown(error)).not.toContain(secret);
  });
});

describe.each(kinds)('credentials of type %s', (type, schema) => {
  it('are described in docs/manifest.md', () => {
    const page = readFileSync(new URL('../../docs/manifest.md', import.meta.url), 'utf8');
    expect(page).toContain(`### \`credentials\` · \`type: ${type}\``);
    expect(page).toContain(schema.meta()?.description);
  });
});

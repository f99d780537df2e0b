// What every kind of signature guarantees, tried with the example of its own documentation. The table of kinds is the list of tests:
// a new kind is held to this suite without a change here.
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';
import {
  type DeclaredValueSigning,
  SIGNATURE_KINDS,
  signingSchema,
} from '../../src/upstream/signing/kinds.ts';
import { createSigner, type Signer } from '../../src/upstream/signing/signer.ts';
import { aKind } from './a-kind.ts';
import { aRequest } from './a-source.ts';

const kinds = SIGNATURE_KINDS.map(({ schema }) => [schema.shape.type.value, schema] as const);
const BODY = { merchantId: 'M1', orderId: 'O1', amount: 135000 };

function aSigner({ declared, references }: ReturnType<typeof aKind>, changes: object = {}): Signer {
  return createSigner(signingSchema.parse({ ...declared, ...changes }) as DeclaredValueSigning, references);
}

function errorOf(run: () => unknown): GatewayError {
  try {
    run();
  } catch (error) {
    return error as GatewayError;
  }
  return expect.unreachable();
}

describe.each(kinds)('a signature of type %s', (type, schema) => {
  it.each(['body', 'header', 'query'] as const)('in the %s · is the only change of the request', (place) => {
    const request = aRequest('http://x', { method: 'POST', path: '/pay', body: BODY });
    const { body, headers, path } = aSigner(aKind(schema), { into: 'sig', place }).apply(request);
    const found = {
      body: (body as Record<string, unknown>).sig,
      header: headers.sig,
      query: new URL(path, 'http://x').searchParams.get('sig') ?? undefined,
    };
    expect(found[place]).toMatch(/^[\w+/=]{20,}$/);
    expect(Object.values(found).filter((value) => value !== undefined)).toHaveLength(1);
    expect({ ...(body as object), sig: undefined }).toEqual({ ...BODY, sig: undefined });
    expect(request).toEqual(aRequest('http://x', { method: 'POST', path: '/pay', body: BODY }));
  });

  it('fits the values that were signed, and no others', () => {
    const signer = aSigner(aKind(schema), { into: 'sig', place: 'body' });
    const signed = signer.sign(BODY) as Record<string, unknown>;
    expect(signer.verify(signed)).toBe(true);
    expect(signer.verify({ ...signed, orderId: 'O2' })).toBe(false);
    expect(signer.verify({ ...signed, sig: `${signed.sig}`.slice(2) })).toBe(false);
    expect(signer.verify(BODY)).toBe(false);
  });

  it('after a rotation · is made with the new secret, without a restart', () => {
    const kind = aKind(schema);
    const signer = aSigner(kind, { into: 'sig', place: 'body' });
    const before = signer.sign(BODY);
    kind.rotate();
    expect(signer.sign(BODY)).not.toEqual(before);
    expect(signer.verify(before)).toBe(false);
    expect(signer.verify(signer.sign(BODY))).toBe(true);
  });

  it('with a reference that cannot be resolved · UPSTREAM_UNAUTHORIZED', () => {
    const kind = aKind(schema);
    expect(kind.secrets()).not.toEqual([]);
    kind.lose();
    const error = errorOf(() => aSigner(kind).apply(aRequest('http://x', { body: BODY })));
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED', fault: 'GATEWAY' });
    expect(error.message).toMatch(/REFERENCE_\d+ is not set/);
  });

  it.each([
    ['no object', [1]],
    ['an object in a field', { ...BODY, orderId: { a: 1 } }],
  ])('over %s · is refused, and the secret is in no error', (_, body) => {
    const kind = aKind(schema);
    const error = errorOf(() => aSigner(kind).apply(aRequest('http://x', { body })));
    expect(error.code).toBe('INTERNAL_SERVER_ERROR');
    const text = inspect(error, { depth: null, showHidden: true }) + error.stack;
    for (const secret of kind.secrets()) expect(text).not.toContain(secret);
  });

  it('is described in docs/manifest.md', () => {
    const page = readFileSync(new URL('../../docs/manifest.md', import.meta.url), 'utf8');
    expect(page).toContain(`### \`signing\` · \`type: ${type}\``);
    expect(page).toContain(schema.meta()?.description);
  });
});

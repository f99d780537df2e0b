import { describe, expect, it } from 'vitest';
import { GatewayError, type GatewayErrorOptions } from '../../src/errors.ts';
import { formatError } from '../../src/graph/format-error.ts';
import { createPublicErrors } from '../../src/graph/public-errors.ts';

/** Publishes failures at paths, in this order. */
function published(failures: readonly (readonly [path: string | undefined, error: GatewayError])[]) {
  const { errors, add } = createPublicErrors();
  const masked: unknown[] = [];
  for (const [place, error] of failures) {
    const path = place?.split('.');
    add(error, path, () =>
      formatError(error, { locale: 'en', requestId: 'r', path, onMasked: (hidden) => masked.push(hidden) }),
    );
  }
  return { errors, masked };
}

const aFault = (options: GatewayErrorOptions = {}) =>
  new GatewayError('UPSTREAM_FAULT', { connector: 'people', operation: 'Person', ...options });

describe('public errors', () => {
  it('one failure at several fields · published · whole once, then by reference', () => {
    const fault = aFault();
    const { errors } = published([
      ['a.name', fault],
      ['a.age', fault],
    ]);
    expect(errors).toEqual([
      {
        message: 'The source system reported a fault.',
        path: ['a', 'name'],
        extensions: expect.objectContaining({
          code: 'UPSTREAM_FAULT',
          connector: 'people',
          operation: 'Person',
        }),
      },
      {
        message: 'errors[0]',
        path: ['a', 'age'],
        extensions: { sameAs: 0 },
      },
    ]);
  });

  it('equal failures of several calls · published · whole once, with the longest delay', () => {
    const { errors } = published([
      ['a.name', aFault({ retryAfterMs: 200 })],
      ['b.name', aFault({ retryAfterMs: 900 })],
      ['c.name', aFault({ retryAfterMs: 300 })],
    ]);
    expect(errors.map(({ extensions }) => extensions?.sameAs)).toEqual([undefined, 0, 0]);
    expect(errors[0]?.extensions?.retryAfterMs).toBe(900);
  });

  it.each([
    ['another operation', { operation: 'Other' }],
    ['another connector', { connector: 'other' }],
    ['a declared reason', { reason: 'Closed.' }],
    ['declared extensions', { extensions: { ward: 7 } }],
    ['another fault', { fault: 'BUS' }],
    ['a failure that may not be repeated', { retryable: false }],
  ] as const)('%s · published · whole as well', (_name, options) => {
    const { errors } = published([
      ['a', aFault()],
      ['b', aFault(options)],
      ['c', aFault(options)],
    ]);
    expect(errors.map(({ extensions }) => extensions?.sameAs)).toEqual([undefined, undefined, 1]);
  });

  it('without a path · published · always whole', () => {
    const fault = aFault();
    const { errors } = published([
      [undefined, fault],
      [undefined, fault],
    ]);
    expect(errors.map(({ message }) => message)).toEqual(
      Array(2).fill('The source system reported a fault.'),
    );
  });

  it('a defect at many fields · published · logged once', () => {
    const defect = new GatewayError('INTERNAL_SERVER_ERROR');
    const { masked } = published([
      ['a', defect],
      ['b', defect],
    ]);
    expect(masked).toEqual([defect]);
  });
});

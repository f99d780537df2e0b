// Parses the client's `traceparent` header (W3C Trace Context). A malformed header is ignored: it must never fail a request.

import type { SpanContext } from '@opentelemetry/api';

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** Ids of zeros are invalid. Random ids have letters, and others could be the number of a person. Ids of 64 bits come with 16 zeros in front. */
const onlyDigits = /^\d+$/;
const SAMPLED = 1;

/** @returns the parent span, or `undefined` without a valid header */
export function parseTraceparent(header: string | undefined): SpanContext | undefined {
  const [, version, traceId, spanId, flags, more] = (header && form.exec(header)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  // ff is not a version; version 00 has four fields, later versions may have more.
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (onlyDigits.test(traceId) || onlyDigits.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & SAMPLED, isRemote: true };
}

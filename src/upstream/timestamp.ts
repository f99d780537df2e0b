// The forms in which sources expect the time of a request.
import { z } from 'zod';

export const timestampFormat = z.enum(['epochMs', 'epochSeconds', 'yyyyMMddHHmmss', 'iso8601']);

/** Vietnam has used UTC+7 without summer time since 1975. */
const VIETNAM_OFFSET_MS = 7 * 3_600_000;

/** @param epochMs the moment; `yyyyMMddHHmmss` is its Vietnam time, `iso8601` its UTC with milliseconds */
export function formatTimestamp(epochMs: number, format: z.output<typeof timestampFormat>): string {
  switch (format) {
    case 'epochMs':
      return String(epochMs);
    case 'epochSeconds':
      return String(Math.floor(epochMs / 1000));
    case 'yyyyMMddHHmmss':
      return new Date(epochMs + VIETNAM_OFFSET_MS).toISOString().slice(0, 19).replace(/[-:T]/g, '');
    case 'iso8601':
      return new Date(epochMs).toISOString();
  }
}

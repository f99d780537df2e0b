// The forms in which a signed request carries its time.

export const TIMESTAMP_FORMATS = [
  'epochSeconds',
  'epochMs',
  'iso8601',
  'yyyyMMddHHmmss',
  'httpDate',
] as const;

export type TimestampFormat = (typeof TIMESTAMP_FORMATS)[number];

/** Vietnam has used UTC+7 without summer time since 1975. */
const VIETNAM_OFFSET_MS = 7 * 3_600_000;

/** `iso8601`: UTC to the second; `yyyyMMddHHmmss`: Vietnam time; `httpDate`: RFC 9110, section 5.6.7. */
export function formatTimestamp(epochMs: number, format: TimestampFormat): string {
  switch (format) {
    case 'epochMs':
      return String(epochMs);
    case 'epochSeconds':
      return String(Math.floor(epochMs / 1000));
    case 'iso8601':
      return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
    case 'yyyyMMddHHmmss':
      return new Date(epochMs + VIETNAM_OFFSET_MS).toISOString().slice(0, 19).replace(/[-:T]/g, '');
    case 'httpDate':
      return new Date(epochMs).toUTCString();
  }
}

// Parts of hostile inputs, by their size.

/** The sizes at which growth is asserted and measured, in bytes. */
export const SIZES = [1024, 32 * 1024, 1024 * 1024] as const;

/** `unit` repeated to about `bytes` characters. */
export const fill = (unit: string, bytes: number): string =>
  unit.repeat(Math.max(1, Math.floor(bytes / unit.length)));

/** As many elements as fit into `bytes` when each takes `size`. */
export const many = <T>(bytes: number, size: number, make: (index: number) => T): T[] =>
  Array.from({ length: Math.max(1, Math.floor(bytes / size)) }, (_, index) => make(index));

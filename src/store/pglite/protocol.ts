// The messages between the store and the worker in which PGlite runs.

export type Request =
  | { readonly id: number; readonly kind: 'query'; readonly sql: string; readonly params: readonly unknown[] }
  /** Waits until no other transaction is open. */
  | { readonly id: number; readonly kind: 'begin' }
  | { readonly id: number; readonly kind: 'commit' | 'rollback' }
  /** A statement of the open transaction. */
  | {
      readonly id: number;
      readonly kind: 'inside';
      readonly sql: string;
      readonly params: readonly unknown[];
    }
  | { readonly id: number; readonly kind: 'listen'; readonly channel: string }
  | { readonly id: number; readonly kind: 'dump' }
  | { readonly id: number; readonly kind: 'close' };

/** The request without the number that the sender gives it. */
export type Asked = Request extends infer One ? (One extends Request ? Omit<One, 'id'> : never) : never;

/** Rows as the database writes them: texts, read by the types of their columns on the other side. */
export interface Rows {
  readonly names: readonly string[];
  readonly types: readonly number[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly affected: number | undefined;
}

export type Reply =
  | { readonly id: number; readonly result: Rows | Uint8Array | null }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } }
  /** The worker is ready, or the folder cannot be opened. */
  | { readonly opened: true }
  | { readonly opened: false; readonly error: { readonly code: string; readonly message: string } }
  | { readonly channel: string; readonly payload: string };

export interface WorkerSettings {
  readonly folder: string;
  /** Bytes that must be free on the disk before a statement that writes. */
  readonly floorBytes: number;
}

// What stands before a request of one gateway besides its identity: published documents, and rate limits.

import { type DocumentParts, openDocuments } from './documents/open-documents.ts';
import type { TrustedDocuments } from './documents/trusted-documents.ts';
import { openRateLimits, type RateLimitParts } from './metering/open-rate-limits.ts';
import type { RateLimits } from './metering/rate-limits.ts';

export interface Door {
  readonly documents: TrustedDocuments;
  /** Undefined: nothing is limited. */
  readonly admit: RateLimits['admit'] | undefined;
  readonly chargeRefusal: RateLimits['chargeRefusal'] | undefined;
  readonly close: () => void;
}

export type DoorParts = DocumentParts &
  Omit<RateLimitParts, 'quotas'> & { readonly config: RateLimitParts['quotas'] };

/** @throws GatewayError STORE_UNAVAILABLE */
export async function openDoor(parts: DoorParts): Promise<Door> {
  const documents = await openDocuments(parts);
  const limits = openRateLimits({ ...parts, quotas: parts.config });
  return {
    documents,
    admit: limits?.admit,
    chargeRefusal: limits?.chargeRefusal,
    close: () => {
      documents.close();
      limits?.close();
    },
  };
}

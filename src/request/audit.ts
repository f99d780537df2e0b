// What a request records in the audit trail, besides the accesses of connectors. Implemented by `audit/`.

import type { AccessAudit, Purpose } from '../connect/contract.ts';

export interface RequestAudit extends AccessAudit {
  /** Personal data from the store. @param fields `Citizen personalId declared` */
  stored(subject: string, purpose: Purpose, fields: string): void;
  /** An action of an operator, integrator, approver or auditor. @param system `gateway`, or the connector that it concerns */
  acted(operation: string, system: string, outcome: string, subject?: string | null): void;
  /**
   * Writes what was collected. Resolves when the records survive the end of the process; undefined when there are none.
   * @throws GatewayError AUDIT_UNAVAILABLE
   */
  settle(): Promise<void> | undefined;
}

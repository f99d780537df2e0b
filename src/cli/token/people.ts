// The people and options of `lienthong token`, apart from its code, so that help is printed without delay.

export interface TokenOptions {
  readonly id?: string;
  readonly agency?: string;
  readonly minutes?: string;
  readonly scope?: string;
  readonly issuer?: string;
}

export interface IssuerPlace {
  readonly connectorsDir: string;
  /** Port of the gateway. */
  readonly port: number;
  readonly simulatorPorts: Readonly<Record<string, number>>;
}

export const PEOPLE = [
  'officer',
  'officer-department',
  'officer-commune',
  'officer-viewer',
  'citizen',
  'citizen-2',
  'enterprise',
  'operator',
  'integrator',
  'approver',
  'auditor',
  'machine',
] as const;

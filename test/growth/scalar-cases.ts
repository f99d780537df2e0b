// Hostile inputs for every scalar of the schema, of any size.

import { fill } from './sizes.ts';

interface ScalarCase {
  readonly name: string;
  readonly input: (bytes: number) => unknown;
}

const digits = (n: number): string => fill('1', n);

/** Inputs that come close to the form of a scalar, and then go on. */
const NEAR: Readonly<Record<string, readonly ((bytes: number) => unknown)[]>> = {
  DateTime: [
    (n) => `2026-06-09T08:30:00.${digits(n)}Z`,
    (n) => `2026-06-09T08:30:00${fill(' ', n)}`,
    (n) => fill('2026-06-09T08:30:00+07:00', n),
  ],
  PersonalId: [digits, (n) => `001092000010${digits(n)}`],
  EnterpriseCode: [digits, (n) => `0100109106${fill('-001', n)}`],
  DossierCode: [
    (n) => fill('000.', n),
    (n) => `H26${fill('.0A', n)}-20260609-000000`,
    (n) => `${fill('000.', n)}H26-200524-0001`,
    (n) => fill('-', n),
  ],
  ProcedureCode: [(n) => `1.${digits(n)}`, (n) => `3.000181${fill('.000', n)}`, (n) => fill('1.', n)],
  AgencyCode: [(n) => `H26${fill('.0', n)}`, (n) => `H26${fill('.', n)}`, (n) => `H26${fill('.00', n)}!`],
  Vnd: [digits, (n) => Number(digits(Math.min(n, 300))), (n) => [digits(n)]],
};

/** Inputs for any scalar. */
const ANY: readonly ScalarCase[] = [
  { name: 'one character', input: (n) => fill('a', n) },
  { name: 'white space', input: (n) => fill(' ', n) },
  { name: 'combining marks', input: (n) => fill('\u0323\u0307', n) },
  { name: 'lone surrogates', input: (n) => fill('\ud800', n) },
  { name: 'a list', input: (n) => [fill('a', n)] },
];

/** The inputs of a scalar; none for a scalar without inputs of its own. */
export const scalarCases = (scalar: string): readonly ScalarCase[] => {
  const near = NEAR[scalar];
  return near === undefined
    ? []
    : [...near.map((input, i) => ({ name: `near its form (${i + 1})`, input })), ...ANY];
};

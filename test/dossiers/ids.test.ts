// The golden values of the public rules: personal ids, enterprise codes, dossier, procedure and agency codes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  buildDossierCode,
  buildOldDossierCode,
  buildPersonalId,
  enterpriseCheckDigit,
  isAgencyCode,
  isDossierCode,
  isEnterpriseCode,
  isOldAgencyCode,
  isPersonalId,
  isProcedureCode,
  PROVINCE_CODES,
  parseDossierCode,
  parseEnterpriseCode,
  parsePersonalId,
  parseProcedureCode,
} from '../../src/dossiers/ids.ts';

describe('personal ids', () => {
  test('the list of provinces · counted · then 63, each once', () => {
    expect(PROVINCE_CODES).toHaveLength(63);
    expect(new Set(PROVINCE_CODES).size).toBe(63);
  });

  test('an id · read · then place, year and sex', () => {
    expect(parsePersonalId('001092000001')).toEqual({
      placeCode: '001',
      birthYear: 1992,
      gender: 'MALE',
      serial: '000001',
    });
    expect(parsePersonalId('079301000002')).toMatchObject({ birthYear: 2001, gender: 'FEMALE' });
    expect(parsePersonalId('048415000002')).toMatchObject({ birthYear: 2115, gender: 'MALE' });
  });

  test.each([
    '',
    '00109200000',
    '0010920000011',
    '003092000001',
    '00109200000a',
    ' 01092000001',
    '000092000001',
  ])('wrong id %j · asked · then no', (text) => expect(isPersonalId(text)).toBe(false));

  test('a birth registered abroad · asked · then yes', () => expect(isPersonalId('132092000001')).toBe(true));

  test('any built id · read back · then the parts are those it was built from', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PROVINCE_CODES),
        fc.integer({ min: 1900, max: 2399 }),
        fc.constantFrom('MALE' as const, 'FEMALE' as const),
        fc.integer({ min: 0, max: 999_999 }),
        (provinceCode, birthYear, gender, serial) => {
          const id = buildPersonalId({ provinceCode, birthYear, gender, serial });
          expect(parsePersonalId(id)).toEqual({
            placeCode: provinceCode,
            birthYear,
            gender,
            serial: String(serial).padStart(6, '0'),
          });
        },
      ),
    );
  });
});

describe('enterprise codes', () => {
  test.each([
    '0100109106',
    '0100112437',
    '0100111948',
    '0100233488',
    '0314409058',
    '0101248141',
    '0309129418',
    '0100686174',
    '0306182043',
  ])('golden code %s · tested · then valid', (code) => {
    expect(isEnterpriseCode(code)).toBe(true);
    expect(parseEnterpriseCode(`${code}-001`)).toEqual({ kind: 'BRANCH', root: code, branch: '001' });
  });

  test.each(['0100233480', '0100109106-000', '0100109106-1', '010010910', '0100000000', '01001091060', ''])(
    'wrong code %j · tested · then invalid',
    (code) => expect(isEnterpriseCode(code)).toBe(false),
  );

  test("a household's 12 digits · read · then a person", () => {
    expect(parseEnterpriseCode('001092000001')).toEqual({
      kind: 'PERSON',
      root: '001092000001',
      branch: null,
    });
  });

  test('any nine digits · with their check digit · then only that tenth digit fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000, max: 999_999_999 }), (n) => {
        const nine = String(n).padStart(9, '0');
        if (nine.slice(2) === '0000000') return;
        const fits = Array.from({ length: 10 }, (_, d) => d).filter((d) => isEnterpriseCode(`${nine}${d}`));
        const check = enterpriseCheckDigit(nine);
        expect(fits).toEqual(check === null ? [] : [check]);
      }),
    );
  });
});

describe('codes of dossiers, procedures, agencies', () => {
  test('old and new dossier codes · read · then agency, date, number', () => {
    expect(parseDossierCode('000.00.00.H26-200524-0001')).toEqual({
      form: 'OLD',
      agencyCode: '000.00.00.H26',
      date: '2020-05-24',
      sequence: 1,
    });
    expect(parseDossierCode('G09.20-20260609-0092637')).toEqual({
      form: 'NEW',
      agencyCode: 'G09.20',
      date: '2026-06-09',
      sequence: 92_637,
    });
    expect(isDossierCode('000.00.00.H26-200524-10001')).toBe(true);
  });

  test.each([
    '000.00.00.H26-200230-0001',
    '000.00.00.H26-230229-0001',
    '000.00.00.H26-201301-0001',
    '000.00.00.H26-200524-001',
    '000.00.00.H26-200524-000001',
    'G09.20-20260631-0092637',
    'G09.20-20260609-92637',
    'g09.20-20260609-0092637',
    'G09.20-20260609-0092637\n',
    `G09.${'1'.repeat(40)}-20260609-0092637`,
    '',
  ])('wrong dossier code %j · asked · then no', (code) => expect(isDossierCode(code)).toBe(false));

  test('a code · built · then it is read back', () => {
    expect(buildDossierCode('H26.12', '2026-06-09', 7)).toBe('H26.12-20260609-0000007');
    expect(buildOldDossierCode('000.00.12.H26', '2026-06-09', 7)).toBe('000.00.12.H26-260609-0007');
    expect(buildOldDossierCode('000.00.12.H26', '2026-06-09', 10_001)).toBe('000.00.12.H26-260609-10001');
    expect(parseDossierCode(buildDossierCode('H26', '2024-02-29', 1))?.date).toBe('2024-02-29');
  });

  test('procedure codes · read · then with and without the agency', () => {
    expect(isProcedureCode('1.005129')).toBe(true);
    expect(parseProcedureCode('3.000181.000.00.00.H22')).toEqual({
      code: '3.000181',
      agencyCode: '000.00.00.H22',
    });
    expect(isProcedureCode('1.00512')).toBe(false);
    expect(isProcedureCode('1.005129.H22')).toBe(false);
  });

  test('agency codes · tested · then the new and the former form are distinguished', () => {
    expect(['H26', 'H26.12.34', 'G17.A1'].every(isAgencyCode)).toBe(true);
    expect(['h26', 'H2', 'H26.', 'H26..1', '000.00.12.H26', `H26.${'1'.repeat(32)}`].some(isAgencyCode)).toBe(
      false,
    );
    expect(isOldAgencyCode('000.00.12.H26')).toBe(true);
    expect(isOldAgencyCode('H26.12')).toBe(false);
  });
});

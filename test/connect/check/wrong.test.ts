import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/connect/check/check-connector.ts';
import { CODES } from '../../../src/connect/check/codes.ts';
import { formatDiagnostic } from '../../../src/diagnostic.ts';
import { findingsOf, schemaNames, schemaText } from './a-schema-file.ts';

/** Codes that need the manifest beside the schema: see manifest.test.ts. */
const OF_THE_MANIFEST = [
  'PrefixedXmlKey',
  'HostNotListed',
  'PersonalFieldWithoutRule',
  'ConsentWithoutSubject',
  'SubjectMissing',
  'SubjectUnknown',
  'ManifestFieldUnknown',
];

/** The codes that a wrong schema says it gives, in its second line. */
const declaredCodes = (text: string): string[] =>
  (/^# gives: (.+)$/m.exec(text)?.[1] ?? '').split(', ').sort();

describe('wrong schemas', () => {
  const names = schemaNames('wrong');

  it.each(names)('%s · checked · its codes, each in words and with its place', async (name) => {
    const text = schemaText('wrong', name);
    const findings = findingsOf(text, `${name}.graphql`);
    expect([...new Set(findings.map((finding) => finding.code))].sort()).toEqual(declaredCodes(text));
    for (const finding of findings) {
      // Everything that a person needs who has not read this code.
      const { message, found, expected, wayOut, line, column, code } = finding;
      for (const words of [message, found, expected, wayOut])
        expect(words, `${code} ${message}`).toMatch(/\S/);
      for (const sentence of [message, wayOut]) expect(sentence).toMatch(/[.?]$/);
      const written = text.split('\n')[(line ?? 0) - 1];
      expect(column, code).toBeGreaterThan(0);
      expect(column, code).toBeLessThanOrEqual((written?.length ?? 0) + 1);
    }
    await expect(`${findings.map(formatDiagnostic).join('\n')}\n`).toMatchFileSnapshot(
      `./messages/${name}.txt`,
    );
  });

  it('the folder · read · has at least one schema for every code', () => {
    const covered = new Set(names.flatMap((name) => declaredCodes(schemaText('wrong', name))));
    const missing = Object.keys(CODES).filter(
      (code) => !covered.has(code) && !OF_THE_MANIFEST.includes(code),
    );
    expect(missing).toEqual([]);
    expect(names.length).toBeGreaterThanOrEqual(60);
  });

  it('findings · are reported once per place', () => {
    for (const name of names) {
      const findings = findingsOf(schemaText('wrong', name), name);
      const places = findings.map(
        ({ code, line, column, message }) => `${code} ${line}:${column} ${message}`,
      );
      expect(new Set(places).size, name).toBe(places.length);
    }
  });
});

describe('the tables of codes and rules', () => {
  it('every code of a rule · looked up · is described', () => {
    const described = new Set(Object.keys(CODES));
    expect(RULES.flatMap((rule) => rule.codes).filter((code) => !described.has(code))).toEqual([]);
    for (const { meaning } of Object.values(CODES)) expect(meaning).toMatch(/\.$/);
  });

  it('the codes of the spec · counted · all 46 of them', () => {
    expect(Object.values(CODES).filter((code) => code.origin === 'spec')).toHaveLength(46);
  });

  it('rules · named · each once', () => {
    const names = RULES.map((rule) => rule.checks);
    expect(new Set(names).size).toBe(names.length);
  });
});

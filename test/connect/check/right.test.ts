import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic, isError } from '../../../src/diagnostic.ts';
import { aConnector } from '../a-connector.ts';
import { findingsOf, schemaNames, schemaText } from './a-schema-file.ts';

describe('right schemas', () => {
  it.each(schemaNames('right'))('%s · checked · silent', (name) => {
    const text = schemaText('right', name);
    const findings = findingsOf(text, `${name}.graphql`);
    const warned = /^# warns: (.+)$/m.exec(text)?.[1]?.split(', ') ?? [];
    expect(
      findings.filter((finding) => isError(finding) || !warned.includes(finding.code)).map(formatDiagnostic),
    ).toEqual([]);
  });
});

describe('the connectors of this project', () => {
  it.each([
    ['business-registry', ['Business']],
    ['payment', ['Payment']],
    ['population', ['Citizen']],
    ['postal', ['Delivery', 'Delivery.events']],
  ])('%s · checked · only warnings about calls per element', (id, coordinates) => {
    const file = new URL(`../../../connectors/${id}/schema.graphql`, import.meta.url);
    const text = readFileSync(file, 'utf8').replace(/\$config\.(?!baseUrl)\w+/g, '$config.token');
    const findings = findingsOf(text, `connectors/${id}/schema.graphql`);
    expect(findings.map((finding) => [finding.code, finding.severity, finding.coordinate])).toEqual(
      coordinates.map((coordinate) => ['CallPerElement', 'warning', coordinate]),
    );
  });
});

describe('warnings', () => {
  it('a connector with warnings only · compiled · goes live and carries them', () => {
    const connector = aConnector(`type Thing @connect(
      source: "api", http: { GET: "/things/{$this.id}" }, selection: "id name"
    ) { id: ID! name: String }`);
    expect(connector.operations).toHaveLength(1);
    expect(connector.warnings.map((warning) => warning.code)).toEqual(['CallPerElement']);
  });
});

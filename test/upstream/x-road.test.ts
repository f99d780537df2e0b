// X-Road between the gateway and a source: caller, service and case as HTTP headers (X-Road: Message Protocol for REST) and as SOAP
// header elements (X-Road: Message Protocol 4.0).
import { describe, expect, it } from 'vitest';
import type { UpstreamRequest } from '../../src/upstream/upstream.ts';
import { anUpstream, aRequest, aSource, json, live, text } from './a-source.ts';
import type { SpecParts } from './a-spec.ts';

const DOSSIER = '000.00.00.H26-200524-0001';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

async function asked(spec: SpecParts, more: Partial<UpstreamRequest>, times = 1) {
  const source = await aSource(
    spec.soap === undefined
      ? json({})
      : text('<E:Envelope xmlns:E="e"><E:Body><R/></E:Body></E:Envelope>', 'text/xml'),
  );
  const upstream = anUpstream(spec);
  for (let i = 0; i < times; i++) await upstream.attempt(aRequest(source.origin, more), live());
  return source.asked;
}

describe('REST', () => {
  const xroad = { client: 'VN/GOV/H26/lien thông' };

  it('the headers · contain caller, officer, dossier, and a new id for each call', async () => {
    const [first, second] = await asked({ xroad }, { issue: DOSSIER, userId: 'cb01' }, 2);
    expect(first?.headers).toMatchObject({
      'x-road-client': 'VN/GOV/H26/lien%20th%C3%B4ng',
      'x-road-userid': 'VNcb01',
      'x-road-issue': DOSSIER,
    });
    expect(first?.headers['x-road-id']).toMatch(UUID);
    expect(second?.headers['x-road-id']).not.toBe(first?.headers['x-road-id']);
  });

  it('without a dossier or an officer · without these headers', async () => {
    const [first] = await asked({ xroad }, {});
    expect(first?.headers).not.toHaveProperty('x-road-issue');
    expect(first?.headers).not.toHaveProperty('x-road-userid');
  });

  it('the other headers · are sent if the manifest has them', async () => {
    const more = { securityServer: 'VN/GOV/H26/ss1', representedParty: 'COM/Ánh', userIdPrefix: '' };
    const [first] = await asked({ xroad: { ...xroad, ...more } }, { userId: 'cán bộ' });
    expect(first?.headers).toMatchObject({
      'x-road-security-server': 'VN/GOV/H26/ss1',
      'x-road-represented-party': 'COM/%C3%81nh',
      'x-road-userid': 'c%C3%A1n%20b%E1%BB%99',
    });
  });
});

describe('SOAP', () => {
  it('the header elements · in the order of the protocol, and no HTTP headers', async () => {
    const [first] = await asked(
      {
        protocol: 'soap11',
        soap: { namespace: 'urn:x', operation: 'LookUp' },
        xroad: { client: 'VN/GOV/H26/gw', service: 'VN/GOV/BCA/dan&cu', serviceVersion: 'v1' },
      },
      { method: 'POST', body: {}, issue: DOSSIER, userId: 'cb01' },
    );
    const xml = (first?.body ?? '').replaceAll(/ xmlns:(xrd|id)="[^"]*"/g, '');
    expect(xml).toContain(
      '<soap:Header>' +
        '<xrd:client id:objectType="SUBSYSTEM"><id:xRoadInstance>VN</id:xRoadInstance><id:memberClass>GOV</id:memberClass><id:memberCode>H26</id:memberCode><id:subsystemCode>gw</id:subsystemCode></xrd:client>' +
        '<xrd:service id:objectType="SERVICE"><id:xRoadInstance>VN</id:xRoadInstance><id:memberClass>GOV</id:memberClass><id:memberCode>BCA</id:memberCode><id:subsystemCode>dan&amp;cu</id:subsystemCode><id:serviceCode>LookUp</id:serviceCode><id:serviceVersion>v1</id:serviceVersion></xrd:service>',
    );
    expect(xml).toMatch(
      new RegExp(
        `<xrd:id>[0-9a-f-]{36}</xrd:id><xrd:userId>VNcb01</xrd:userId><xrd:issue>${DOSSIER}</xrd:issue><xrd:protocolVersion>4.0</xrd:protocolVersion></soap:Header><soap:Body>`,
      ),
    );
    expect(first?.body).toContain('xmlns:xrd="http://x-road.eu/xsd/xroad.xsd"');
    expect(first?.body).toContain('xmlns:id="http://x-road.eu/xsd/identifiers"');
    expect(first?.headers).not.toHaveProperty('x-road-client');
  });
});

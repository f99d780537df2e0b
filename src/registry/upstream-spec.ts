// Builds the specification of the upstream from a manifest: URLs absolute, hosts resolved, secrets as functions. Pure.
import { soapMediaType } from '../manifest/format-keys.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { secretTexts } from '../manifest/secret-texts.ts';
import { tlsSchema } from '../manifest/source-keys.ts';
import { type ReferenceSources, resolveReferences, SecretReferenceError } from '../references.ts';
import { compileHeaderTree, headersReadBy } from '../upstream/codecs/soap-headers.ts';
import type { FormatSpec, ProbeTarget } from '../upstream/contract.ts';
import { bindCredentials } from '../upstream/credentials/kinds.ts';
import { settle } from '../upstream/secret.ts';
import { messageSignatureSchema } from '../upstream/signing/http-message.ts';
import { createRequestSigner } from '../upstream/signing/request-signer.ts';
import { createSigner } from '../upstream/signing/signer.ts';
import type { UpstreamSpec } from '../upstream/spec.ts';
import { wsSecuritySchema } from '../upstream/ws-security/keys.ts';

export function buildUpstreamSpec(
  manifest: Manifest,
  baseUrl: string,
  references: ReferenceSources,
  { isSimulated = false }: { readonly isSimulated?: boolean | undefined } = {},
): UpstreamSpec {
  const { soap, credentials, signing, messageSignature, tls, outcome, source, probe, limits } = manifest;
  return {
    ...buildFormatSpec(manifest, references),
    // A call to a simulator must not reach the real system by a literal URL of the schema.
    hosts: hostsOf(isSimulated ? [] : source.hosts, baseUrl, references),
    credentials: bindCredentials(credentials, baseUrl, references),
    ...signersOf(signing, references),
    wsSecurity: soap?.security && settle(wsSecuritySchema, soap.security, references),
    messageSignature: messageSignature && settle(messageSignatureSchema, messageSignature, references),
    outcome,
    tls: tls && settle(tlsSchema, tls, references),
    limits: { ...limits, connections: source.connections },
    connectionMaxAgeMs: source.connectionMaxAgeMs,
    compression: source.compression,
    http2: source.http2,
    probe: probeOf(probe, baseUrl),
  };
}

const signersOf = (
  signing: Manifest['signing'],
  references: ReferenceSources,
): Pick<UpstreamSpec, 'signer' | 'requestSigner'> =>
  signing?.type === 'requestParts'
    ? { requestSigner: createRequestSigner(signing, references) }
    : { signer: signing && createSigner(signing, references) };

/** The part that encoding and decoding need: neither where the source is nor as whom it is called. */
export function buildFormatSpec(
  { protocol, soap, xml, json, csv, fixedWidth, unwrap, xroad, limits }: Manifest,
  references: ReferenceSources,
): FormatSpec {
  return {
    protocol,
    soap: soap && {
      ...soap,
      contentType: soap.contentType ?? soapMediaType(protocol),
      headers: compileHeaderTree(soap.headers, references),
      consumedHeaders: headersReadBy(soap.headers),
    },
    xml,
    json,
    csv,
    fixedWidth,
    unwrap,
    xroad,
    limits,
  };
}

/** A reference may contain several hosts, separated by commas, or none: an operator decides where a source is. */
function hostsOf(declared: readonly string[], baseUrl: string, references: ReferenceSources): string[] {
  const { host, hostname } = new URL(baseUrl);
  const named = declared.flatMap((text) => resolveReferences(text, references).split(','));
  return [...new Set([host, hostname, ...named.map((name) => name.trim()).filter((name) => name !== '')])];
}

function probeOf({ GET, statuses, credentials = false }: Manifest['probe'], baseUrl: string): ProbeTarget {
  const { origin, pathname } = new URL(baseUrl);
  return GET === undefined
    ? { origin, credentials }
    : { origin, path: pathname.replace(/(?<!\/)\/+$/, '') + GET, statuses, credentials };
}

/** A sentence for each reference of the manifest that cannot be resolved. */
export function missingSecrets(manifest: Manifest, references: ReferenceSources): string[] {
  const missing = new Set<string>();
  for (const text of secretTexts(manifest)) {
    try {
      resolveReferences(text, references);
    } catch (error) {
      if (!(error instanceof SecretReferenceError)) throw error;
      missing.add(error.message);
    }
  }
  return [...missing];
}

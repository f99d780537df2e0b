// A manifest's transport part as the upstream wants it: URLs absolute, secrets as functions. Pure.

import { GatewayError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import {
  compileReferences,
  REFERENCE,
  type ReferenceSources,
  resolveReferences,
  SecretReferenceError,
} from '../references.ts';
import type {
  CredentialKind,
  Credentials,
  ProbeTarget,
  Secret,
  Signing,
  Tls,
  UpstreamSpec,
} from '../upstream/contract.ts';

export function buildUpstreamSpec(
  manifest: Manifest,
  baseUrl: string,
  references: ReferenceSources,
): UpstreamSpec {
  const secret = (text: string): Secret => secretIn(text, references);
  const { signing, messageSignature, outcome, xroad, source } = manifest;
  return {
    ...buildFormatSpec(manifest, references),
    hosts: hostsOf(source.hosts, baseUrl, references),
    credentials: credentialsOf(manifest.credentials, baseUrl, secret),
    signing: signing && signingOf(signing, secret),
    messageSignature: messageSignature && { ...messageSignature, key: secret(messageSignature.key) },
    outcome,
    xroad,
    tls: manifest.tls && tlsOf(manifest.tls, secret),
    compression: source.compression,
    http2: source.http2,
    probe: probeOf(manifest.probe, baseUrl),
  };
}

/** How requests are written and answers read: all that encoding and decoding need to know, without where and as whom. */
export function buildFormatSpec(
  { protocol, soap, xml, unwrap, limits, source }: Manifest,
  references: ReferenceSources,
): UpstreamSpec {
  const { maxResponseBytes, maxHeaderBytes, maxDepth } = limits;
  return {
    protocol,
    hosts: [],
    soap: soap && {
      ...soap,
      headers: soap.headers && secretsOf(soap.headers, (text) => secretIn(text, references)),
    },
    xml,
    unwrap,
    limits: { maxResponseBytes, maxHeaderBytes, maxDepth, connections: source.connections },
  };
}

/** A reference may hold several, with commas between them, or none: where a source stands is the operator's to say. */
function hostsOf(declared: readonly string[], baseUrl: string, references: ReferenceSources): string[] {
  const { host, hostname } = new URL(baseUrl);
  const named = declared.flatMap((text) => resolveReferences(text, references).split(','));
  return [...new Set([host, hostname, ...named.map((name) => name.trim()).filter((name) => name !== '')])];
}

function probeOf(declared: Manifest['probe'], baseUrl: string): ProbeTarget {
  const { origin, pathname } = new URL(baseUrl);
  if (declared?.GET === undefined) return { origin };
  const { GET, statuses, credentials } = declared;
  return { origin, path: pathname.replace(/\/+$/, '') + GET, statuses, credentials };
}

function credentialsOf(
  declared: Manifest['credentials'],
  baseUrl: string,
  secret: (text: string) => Secret,
): Credentials {
  const lastDay = 'validUntil' in declared ? declared.validUntil : undefined;
  return {
    ...kindOf(declared, baseUrl, secret),
    validUntil: lastDay === undefined ? undefined : endOfDay(lastDay),
  };
}

/** Vietnam has no summer time: a day has 24 hours. */
const endOfDay = (day: string): number => Date.parse(`${day}T00:00:00+07:00`) + 86_400_000;

function kindOf(
  declared: Manifest['credentials'],
  baseUrl: string,
  secret: (text: string) => Secret,
): CredentialKind {
  switch (declared.type) {
    case 'none':
      return declared;
    case 'basic':
      return { type: 'basic', user: secret(declared.user), password: secret(declared.password) };
    case 'header':
      return { type: 'header', name: declared.name, value: secret(declared.value) };
    case 'bearer':
      return { type: 'bearer', token: secret(declared.token) };
    case 'query':
      return { type: 'query', name: declared.name, value: secret(declared.value) };
    case 'jsonHeader':
      return { ...declared, fields: secretsOf(declared.fields, secret) };
    case 'oauth2ClientCredentials': {
      const { tokenPath, tokenUrl, clientId, clientSecret, ...rest } = declared;
      return {
        ...rest,
        url: endpoint(baseUrl, tokenPath, tokenUrl),
        clientId: secret(clientId),
        clientSecret: secret(clientSecret),
      };
    }
    case 'login': {
      const { path, url, body, ...rest } = declared;
      return {
        ...rest,
        url: endpoint(baseUrl, path, url),
        body: secretsOf(body, secret),
      };
    }
    case 'timestampedBasic':
      return {
        ...declared,
        user: secret(declared.user),
        secret: secret(declared.secret),
        apiKey: declared.apiKey === undefined ? undefined : secret(declared.apiKey),
      };
  }
}

function signingOf(declared: NonNullable<Manifest['signing']>, secret: (text: string) => Secret): Signing {
  if (declared.type !== 'rsaSha256') return { ...declared, secret: secret(declared.secret) };
  const { privateKey, publicKey } = declared;
  return {
    ...declared,
    privateKey: privateKey === undefined ? undefined : secret(privateKey),
    publicKey: publicKey === undefined ? undefined : secret(publicKey),
  };
}

function tlsOf(
  { serverName, ...texts }: NonNullable<Manifest['tls']>,
  secret: (text: string) => Secret,
): Tls {
  return { ...secretsOf(texts, secret), serverName };
}

const secretsOf = (
  texts: Readonly<Record<string, string>>,
  secret: (text: string) => Secret,
): Record<string, Secret> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, secret(text)]));

/** A path below the base URL, or an absolute URL of its own. */
const endpoint = (baseUrl: string, path: string | undefined, url: string | undefined): string =>
  url ?? `${baseUrl.replace(/\/+$/, '')}${path ?? '/token'}`;

/** A text with its references read at the moment of use. A missing one is our fault, not the source's. */
function secretIn(text: string, references: ReferenceSources): Secret {
  const read = compileReferences(text, references);
  return () => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SecretReferenceError)) throw error;
      throw new GatewayError('UPSTREAM_UNAUTHORIZED', { detail: error.message });
    }
  };
}

/** What the manifest refers to and nothing supplies, as sentences; empty when all is there. */
export function missingSecrets(manifest: Manifest, references: ReferenceSources): string[] {
  const missing = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string' && REFERENCE.test(value)) {
      try {
        resolveReferences(value, references);
      } catch (error) {
        if (error instanceof SecretReferenceError) missing.add(error.message);
      }
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(manifest.credentials);
  walk(manifest.signing);
  walk(manifest.messageSignature);
  walk(manifest.tls);
  walk(manifest.soap?.headers);
  return [...missing];
}

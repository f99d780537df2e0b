// A manifest's transport part as the upstream wants it: URLs absolute, secrets as functions. Pure.

import { GatewayError } from '../errors.ts';
import type { Credentials, Secret, UpstreamSpec } from '../upstream/contract.ts';
import type { Manifest } from './manifest.ts';
import {
  compileReferences,
  REFERENCE,
  type ReferenceSources,
  resolveReferences,
  SecretReferenceError,
} from './secrets.ts';

export function buildUpstreamSpec(
  manifest: Manifest,
  baseUrl: string,
  references: ReferenceSources,
): UpstreamSpec {
  const secret = (text: string): Secret => secretIn(text, references);
  const { signing, outcome, soap } = manifest;
  return {
    protocol: manifest.protocol,
    hosts: [new URL(baseUrl).host, ...manifest.source.hosts],
    credentials: credentialsOf(manifest.credentials, baseUrl, secret),
    signing: signing && { ...signing, secret: secret(signing.secret) },
    outcome,
    soap,
    limits: { maxResponseBytes: manifest.limits.maxResponseBytes, connections: manifest.source.connections },
  };
}

function credentialsOf(
  declared: Manifest['credentials'],
  baseUrl: string,
  secret: (text: string) => Secret,
): Credentials {
  switch (declared.type) {
    case 'none':
      return declared;
    case 'basic':
      return { type: 'basic', user: secret(declared.user), password: secret(declared.password) };
    case 'header':
      return { type: 'header', name: declared.name, value: secret(declared.value) };
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
        body: Object.fromEntries(Object.entries(body).map(([name, text]) => [name, secret(text)])),
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
  return [...missing];
}

// Mistakes in signatures and SOAP headers that the manifest alone does not show: a header that a request never has, and a key that does
// not fit its algorithm or certificate. Found by `connector check`. Messages contain no part of a key.
import type { ConnectorSchema } from '../connect/read/model.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type ReferenceSources, resolveReferences, SecretReferenceError } from '../references.ts';
import { headersReadBy } from '../upstream/codecs/soap-headers.ts';
import { secretNamesOf } from '../upstream/credentials/kinds.ts';
import { misfitOf } from '../upstream/signing/algorithms.ts';
import { pairMisfit } from '../upstream/ws-security/signing-key.ts';

export function signingMistakes(
  manifest: Manifest,
  schema: ConnectorSchema,
  file: string,
  references: ReferenceSources,
): Diagnostic[] {
  return [
    ...headerMistakes(manifest, schema, file),
    ...soapHeaderMistakes(manifest, schema, file),
    ...keyMistakes(manifest, file, references),
    ...pairMistakes(manifest, file, references),
  ];
}

interface CoveredHeader {
  readonly coordinate: string;
  readonly name: string;
}

/** One finding per header, with the operations that lack it. */
function headerMistakes(manifest: Manifest, schema: ConnectorSchema, file: string): Diagnostic[] {
  const covered = coveredHeaders(manifest);
  if (covered.length === 0) return [];
  const calls = schema.connects.map((connect) => ({
    name: connect.id ?? connect.coordinate,
    headers: headersOf(manifest, schema, connect),
  }));
  return covered.flatMap(({ coordinate, name }) => {
    const lacking = calls.filter(({ headers }) => !headers.has(name.toLowerCase()));
    if (lacking.length === 0) return [];
    const known = new Set(lacking.flatMap(({ headers }) => [...headers]));
    return [
      {
        code: 'ManifestInvalid',
        file,
        coordinate,
        message: `The signature covers a header that ${lacking.length === calls.length ? 'no request has' : `the requests of ${lacking.map((one) => one.name).join(', ')} do not have`}.`,
        found: name,
        expected: `one of ${[...known].sort().join(', ')}`,
        wayOut:
          'Correct the name, add the header to @source or @connect in schema.graphql, or take it out of the signature.',
      },
    ];
  });
}

function coveredHeaders({ signing, messageSignature }: Manifest): CoveredHeader[] {
  const parts = signing?.type === 'requestParts' ? signing.over : [];
  return [
    ...parts.flatMap((part, i) =>
      typeof part === 'object' && 'header' in part && !part.optional
        ? [{ coordinate: `signing.over.${i}.header`, name: part.header }]
        : [],
    ),
    ...(messageSignature?.components ?? []).flatMap((name, i) =>
      name.startsWith('@') || name === 'content-digest' || name === 'date'
        ? []
        : [{ coordinate: `messageSignature.components.${i}`, name }],
    ),
  ];
}

/** Lower-case names of the headers that a request has when it is signed. */
function headersOf(
  manifest: Manifest,
  { sources }: ConnectorSchema,
  connect: ConnectorSchema['connects'][number],
): Set<string> {
  const { protocol, credentials, signing, xroad, source, soap } = manifest;
  const isSoap = protocol === 'soap11' || protocol === 'soap12';
  const rules = [
    ...(sources.find(({ name }) => name === connect.source)?.headers ?? []),
    ...connect.headers,
  ].map(({ name }) => name);
  const hasBody = isSoap || connect.body !== undefined || credentialsWriteBody(manifest);
  const names = [
    ...rules,
    ...(hasBody ? ['content-type', 'content-length'] : []),
    'host',
    isSoap ? undefined : 'accept',
    protocol === 'soap11' && soap !== undefined ? 'soapaction' : undefined,
    source.compression ? 'accept-encoding' : undefined,
    ...(xroad !== undefined && !isSoap
      ? ['x-road-client', 'x-road-id', 'x-road-issue', 'x-road-userid']
      : []),
    ...headersOfCredentials(credentials),
    ...(signing === undefined ? [] : headersOfSigning(signing)),
  ];
  return new Set(names.flatMap((name) => (name === undefined ? [] : [name.toLowerCase()])));
}

const credentialsWriteBody = ({ credentials }: Manifest): boolean =>
  (secretNamesOf(credentials).bodyFields ?? []).some((name) => name !== undefined);

const WITHOUT_AUTHORIZATION: ReadonlySet<string> = new Set([
  'none',
  'query',
  'header',
  'jsonHeader',
  'login',
]);

function headersOfCredentials(credentials: Manifest['credentials']): (string | undefined)[] {
  const own = secretNamesOf(credentials).headers ?? [];
  return [
    ...own,
    WITHOUT_AUTHORIZATION.has(credentials.type) ? undefined : 'authorization',
    credentials.type === 'timestampedBasic' ? 'timestamp' : undefined,
  ];
}

function headersOfSigning(signing: NonNullable<Manifest['signing']>): (string | undefined)[] {
  if (signing.type !== 'requestParts') return [signing.place === 'header' ? signing.into : undefined];
  const { timestamp, nonce, digest } = signing;
  return [
    timestamp?.place === 'header' ? timestamp.into : undefined,
    nonce?.place === 'header' ? nonce.into : undefined,
    digest.into,
    // Of the message signature, which is made afterwards.
    signing.place === 'header' ? signing.into : undefined,
  ];
}

/** `${header:name}` in a SOAP header reads what the schema builds; without it the element would be omitted in every call. */
function soapHeaderMistakes({ soap }: Manifest, schema: ConnectorSchema, file: string): Diagnostic[] {
  if (soap === undefined) return [];
  const built = new Set(
    [...schema.sources, ...schema.connects].flatMap(({ headers }) =>
      headers.map(({ name }) => name.toLowerCase()),
    ),
  );
  return [...headersReadBy(soap.headers)]
    .filter((name) => !built.has(name))
    .map((name) => ({
      code: 'ManifestInvalid',
      file,
      coordinate: 'soap.headers',
      message: 'An element of the SOAP Header reads a header that no @source and no @connect builds.',
      found: `\${header:${name}}`,
      expected:
        built.size === 0
          ? 'a header in schema.graphql, which builds none'
          : `one of ${[...built].sort().join(', ')}`,
      wayOut: 'Correct the name, or add the header to @source or @connect in schema.graphql.',
    }));
}

/** Of certificate and key that can be read here. */
function pairMistakes({ soap }: Manifest, file: string, references: ReferenceSources): Diagnostic[] {
  const signature = soap?.security?.signature;
  if (signature === undefined) return [];
  const certificate = readable(signature.certificate, references);
  const key = readable(signature.key, references);
  const misfit = certificate === undefined || key === undefined ? undefined : pairMisfit(certificate, key);
  if (misfit === undefined) return [];
  return [
    {
      code: 'ManifestInvalid',
      file,
      coordinate: 'soap.security.signature',
      message: 'Certificate and key cannot sign.',
      found: misfit,
      expected: 'a certificate and its RSA private key, both in PEM form',
      wayOut: `Let ${signature.certificate} and ${signature.key} name such a pair.`,
    },
  ];
}

function readable(text: string, references: ReferenceSources): string | undefined {
  try {
    return resolveReferences(text, references);
  } catch (error) {
    if (error instanceof SecretReferenceError) return undefined;
    throw error;
  }
}

/** Of keys that can be read here: where the gateway runs may be another machine. */
function keyMistakes({ signing }: Manifest, file: string, references: ReferenceSources): Diagnostic[] {
  if (signing?.type !== 'requestParts') return [];
  const key = readable(signing.key, references);
  if (key === undefined) return [];
  const misfit = misfitOf(signing.algorithm, key, signing.keyForm ?? 'text');
  if (misfit === undefined) return [];
  return [
    {
      code: 'ManifestInvalid',
      file,
      coordinate: 'signing.key',
      message: `The key does not fit the algorithm ${signing.algorithm}.`,
      ...misfit,
      wayOut: `Let ${signing.key} name such a key, or choose the algorithm that the key is for.`,
    },
  ];
}

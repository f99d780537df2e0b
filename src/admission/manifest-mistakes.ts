// Settings of a manifest that have no effect, or another effect than they seem to have: each is found by `connector check`.

import { type Shape, shapeOf, usesOf } from '../connect/mapping/index.ts';
import type { ConnectorSchema } from '../connect/read/model.ts';
import { mappingsOf, type ParsedConnect, parseTexts } from '../connect/read/parse-texts.ts';
import { type Diagnostic, firstFindings } from '../diagnostic.ts';
import { isTransportHeader } from '../header-names.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { secretNamesOf } from '../upstream/credentials/kinds.ts';

/** @param isCompiled false when the schema has errors: names of operations are then compared here, else by the compiler's result */
export function manifestMistakes(
  manifest: Manifest,
  schema: ConnectorSchema,
  file: string,
  isCompiled: boolean,
): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  const report: Report = (coordinate, finding) => {
    findings.push({ code: 'ManifestInvalid', file, coordinate, ...finding });
  };
  checkOperationNames('soap.operations', manifest.soap?.operations ?? {}, schema, report);
  if (!isCompiled) checkOperationNames('operations', manifest.operations, schema, report);
  checkSoap(manifest, report);
  checkOutcome(manifest, report);
  checkHeaderNames(manifest, report);
  checkSignedFields(manifest, schema, report);
  checkPurpose(manifest, schema, report);
  // In a schema with errors, a name that is misspelt there would be found here, too.
  if (isCompiled) checkUnusedSettings(manifest, schema, report);
  return firstFindings(file, findings);
}

type Report = (coordinate: string, finding: Omit<Diagnostic, 'code' | 'file' | 'coordinate'>) => void;

// —— operations ——

function checkOperationNames(
  key: string,
  settings: Readonly<Record<string, unknown>>,
  schema: ConnectorSchema,
  report: Report,
): void {
  const known = schema.connects.map(({ id, coordinate }) => id ?? coordinate);
  for (const name of Object.keys(settings)) {
    if (known.includes(name) || schema.unread.has(name)) continue;
    report(`${key}.${name}`, {
      message: 'The manifest speaks of an operation that the schema does not have.',
      found: name,
      expected: `one of ${known.join(', ')}`,
      wayOut: 'Name it by the id of its @connect, else by its coordinate.',
    });
  }
}

// —— format ——

function checkSoap({ protocol, soap }: Manifest, report: Report): void {
  const isSoap = protocol === 'soap11' || protocol === 'soap12';
  if (isSoap && soap === undefined) {
    report('protocol', {
      message: 'SOAP messages need a namespace, which `soap` declares.',
      found: `protocol: ${protocol}, and no soap`,
      expected: 'soap: { namespace: … }',
      wayOut: 'Add `soap` with the namespace of the operation element.',
    });
  }
  if (!isSoap && soap !== undefined) {
    report('soap', {
      severity: 'warning',
      message: 'Without a SOAP protocol these settings have no effect.',
      found: `soap, and protocol: ${protocol}`,
      expected: 'protocol: soap11 or soap12',
      wayOut: 'Set the protocol, or remove `soap`.',
    });
  }
}

function checkOutcome({ outcome }: Manifest, report: Report): void {
  if (outcome === undefined) return;
  if (outcome.success.length > 0 || outcome.declaresOtherwise) return;
  report('outcome', {
    severity: 'warning',
    message:
      'Every code that no list contains counts as success, those of failures that are not known yet, too.',
    found: 'outcome without success',
    expected: 'success: the codes of success',
    wayOut:
      'List the codes of success; or list those of failures and set `otherwise: success` when the source has no code of success.',
  });
}

// —— headers ——

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Every name of a header that a manifest sets. */
function* headerNamesOf({
  credentials,
  signing,
  operations,
}: Manifest): Generator<readonly [string, string]> {
  if ((credentials.type === 'header' || credentials.type === 'jsonHeader') && credentials.name !== undefined)
    yield ['credentials.name', credentials.name];
  if ('header' in credentials && typeof credentials.header === 'string')
    yield ['credentials.header', credentials.header];
  if ('headers' in credentials)
    for (const name of Object.keys(credentials.headers ?? {})) yield [`credentials.headers.${name}`, name];
  yield* destinationsIn(signing, 'signing');
  for (const [name, { idempotencyKey }] of Object.entries(operations)) {
    if (idempotencyKey !== undefined && isTransportHeader(idempotencyKey))
      yield [`operations.${name}.idempotencyKey`, idempotencyKey];
  }
}

/** `into` where it names a header: beside `place: header`, and of a digest. */
function* destinationsIn(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value !== 'object' || value === null) return;
  const { into, place } = value as { into?: unknown; place?: unknown };
  if (typeof into === 'string' && (place === 'header' || (place === undefined && path.endsWith('.digest'))))
    yield [`${path}.into`, into];
  for (const [key, item] of Object.entries(value)) yield* destinationsIn(item, `${path}.${key}`);
}

function checkHeaderNames(manifest: Manifest, report: Report): void {
  for (const [coordinate, name] of headerNamesOf(manifest)) {
    if (!TOKEN.test(name)) {
      report(coordinate, {
        message: 'A header name contains characters that are not allowed.',
        found: JSON.stringify(name),
        expected: 'letters, digits and -, e.g. X-API-Key',
        wayOut: 'Correct the name.',
      });
    } else if (isTransportHeader(name)) {
      report(coordinate, {
        message: `The header "${name}" is set by the transport and is not sent otherwise.`,
        found: name,
        expected: 'a header that does not control the connection or the host',
        wayOut: 'Use the header that the source documents, such as Authorization or X-API-Key.',
      });
    }
  }
}

// —— signatures ——

/** Names that a signature reads from the body, or from the query of a request without a body. */
function signedFields(
  signing: NonNullable<Manifest['signing']>,
): (readonly [coordinate: string, field: string])[] {
  if ('fields' in signing) return signing.fields.map((field, i) => [`signing.fields.${i}`, field] as const);
  if (!('over' in signing)) return [];
  return signing.over.flatMap((part, i) =>
    typeof part === 'object' && 'field' in part ? [[`signing.over.${i}.field`, part.field] as const] : [],
  );
}

/** A field that no request has is signed as an empty text: the source refuses every signature, or accepts it over less. */
function checkSignedFields(
  { signing, credentials }: Manifest,
  schema: ConnectorSchema,
  report: Report,
): void {
  if (signing === undefined) return;
  const fields = signedFields(signing);
  if (fields.length === 0) return;
  const added = (secretNamesOf(credentials).bodyFields ?? []).filter((name) => name !== undefined);
  const known = parseTexts(schema).connects.flatMap((connect) => {
    const names = namesSentBy(connect);
    return names === undefined ? [] : [names];
  });
  if (known.length < schema.connects.filter(({ url }) => url !== undefined).length) return;
  for (const [coordinate, field] of fields) {
    if (added.includes(field) || known.some((has) => has(field))) continue;
    report(coordinate, {
      message: 'The signature covers a field that no request has: it would be signed as an empty text.',
      found: field,
      expected: 'a field of the body in schema.graphql, or of the query of a request without a body',
      wayOut: 'Correct the name, or add the field to the request.',
    });
  }
}

/** Does the request have a field at a dotted path? `undefined` when that depends on the call. */
function namesSentBy({ body, url, queryParams }: ParsedConnect): ((path: string) => boolean) | undefined {
  if (url === undefined) return undefined;
  if (body !== undefined) {
    const shape = shapeOf(body.tree);
    return (path) => hasPath(shape, path.split('.'));
  }
  if (queryParams !== undefined) {
    const shape = shapeOf(queryParams.tree);
    return (path) => hasPath(shape, [path]);
  }
  const names = new Set([...url.text.value.matchAll(/[?&]([^=&?{}]+)=/g)].map(([, name = '']) => name));
  return (path) => names.has(path);
}

/** True also where the shape does not tell. */
function hasPath(shape: Shape, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  if (shape.kind === 'object') {
    const field = shape.fields.get(first);
    return field === undefined ? shape.open : hasPath(field, rest);
  }
  if (shape.kind === 'choice') return shape.options.some((option) => hasPath(option, [first, ...rest]));
  return shape.kind !== 'scalar';
}

// —— purposes ——

/** A value that is computed without a call is answered without a purpose. */
function checkPurpose({ data }: Manifest, { connects, types }: ConnectorSchema, report: Report): void {
  if (data.purpose !== 'required') return;
  for (const { typeName, fieldName, url, coordinate } of connects) {
    if (fieldName === undefined || url !== undefined || !types.isRoot(typeName)) continue;
    report('data.purpose', {
      severity: 'warning',
      message: `${coordinate} is computed without a call, so that it is answered without a purpose.`,
      found: `${coordinate} without http`,
      expected: 'a @connect with http',
      wayOut: 'Give the field a request; or put it into a connector that does not require a purpose.',
    });
  }
}

// —— settings that nobody reads ——

function checkUnusedSettings({ config, env }: Manifest, schema: ConnectorSchema, report: Report): void {
  const { sources, connects } = parseTexts(schema);
  const read = { $config: new Set<string>(), $env: new Set<string>() };
  let isWhole = false;
  for (const part of [...sources, ...connects]) {
    for (const { tree } of mappingsOf(part)) {
      for (const { variable, path } of usesOf(tree)) {
        if (variable !== '$config' && variable !== '$env') continue;
        const [name] = path;
        if (name === undefined) isWhole = true;
        else read[variable].add(name);
      }
    }
  }
  if (isWhole) return;
  const unused = (coordinate: string, name: string, variable: '$config' | '$env'): void => {
    if (read[variable].has(name)) return;
    report(coordinate, {
      severity: 'warning',
      message: 'No mapping reads this value.',
      found: name,
      expected: `${variable}.${name} in schema.graphql`,
      wayOut: 'Correct the name here or in the schema, or remove the value.',
    });
  };
  for (const name of Object.keys(config)) unused(`config.${name}`, name, '$config');
  env.forEach((name, index) => {
    unused(`env.${index}`, name, '$env');
  });
}

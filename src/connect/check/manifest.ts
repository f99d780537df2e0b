// Rules that need both the schema and the manifest: every host must be listed, every personal field needs an access
// rule, and every access rule must name an existing field.

import { type Diagnostic, firstFindings } from '../../diagnostic.ts';
import type { CompiledConnector } from '../compile-connector.ts';
import type { ConnectorSchema, Text } from '../read/model.ts';
import { createReport, type Report, untilEnough } from '../read/report.ts';
import type { FieldInfo } from '../read/types.ts';

export interface ManifestFacts {
  /** `source.hosts`: host names or `*.domain`, with the port unless it is the default port. */
  readonly hosts: readonly string[];
  /** `source.baseUrl` with references resolved; its host need not be listed. */
  readonly baseUrl?: string | undefined;
  /** `data.fields`: the access rule per coordinate. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** `data.classification`. */
  readonly classification: string;
  /** `data.subject`: whose data a record is, as `Type.field`. */
  readonly subject?: string | undefined;
  /** Whether that class is about people. */
  readonly isPersonal: boolean;
  /** Coordinates of `data.fields` with `basis: consent`. */
  readonly consentFields?: readonly string[] | undefined;
  /** `data.purpose: required`. */
  readonly requiresPurpose?: boolean | undefined;
}

/** Returns all findings; every one is an error. */
export function checkAgainstManifest(
  connector: Pick<CompiledConnector, 'schema'>,
  manifest: ManifestFacts,
): Diagnostic[] {
  const { schema } = connector;
  const diagnostics: Diagnostic[] = [];
  const report = createReport(schema.file, diagnostics);
  untilEnough(() => {
    checkHosts(schema, manifest, report);
    if (manifest.isPersonal) checkPersonalFields(schema, manifest, report);
    if (manifest.requiresPurpose) checkPurposeArguments(schema, report);
  });
  checkSubject(schema, manifest, diagnostics);
  checkManifestFields(schema, manifest, diagnostics);
  checkConsentFields(schema, manifest, diagnostics);
  return diagnostics;
}

// —— hosts ——

function checkHosts(schema: ConnectorSchema, { hosts, baseUrl }: ManifestFacts, report: Report): void {
  const own = baseUrl !== undefined && URL.canParse(baseUrl) ? [new URL(baseUrl).host] : [];
  const allowed = [...hosts, ...own].map((host) => host.toLowerCase());
  const check = (text: Text, coordinate: string) => {
    // A host that comes from $config is set by the manifest and needs no entry.
    const authority = /^\s*https?:\/\/([^/?#]*)/i.exec(text.value)?.[1] ?? '';
    // User and password before the host may be secrets, which no finding shows.
    const host = authority.includes('{')
      ? undefined
      : /^\S+/.exec(authority)?.[0].replace(/^.*@/, '').toLowerCase();
    if (host === undefined || allowed.some((pattern) => matches(host, pattern))) return;
    report({
      code: 'HostNotListed',
      at: text.node,
      coordinate,
      message: 'The connector calls a host that its manifest does not list.',
      found: host,
      expected:
        hosts.length === 0 ? 'a host of `source.hosts`, which is empty' : `one of ${hosts.join(', ')}`,
      wayOut: `Add "${host}" to source.hosts in connector.yaml, or use the base URL of the manifest: {$config.baseUrl}.`,
    });
  };
  for (const source of schema.sources) check(source.baseURL, `@source(name: "${source.name}")`);
  for (const { url, coordinate } of schema.connects) if (url !== undefined) check(url, coordinate);
}

const matches = (host: string, pattern: string): boolean =>
  pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1))
    : host === pattern || withoutDefaultPort(host) === withoutDefaultPort(pattern);

const withoutDefaultPort = (host: string): string => host.replace(/:(?:80|443)$/, '');

// —— the argument for the purpose ——

/** The gateway adds the argument to root fields: a field must not have one of this name already. */
function checkPurposeArguments({ types, connects }: ConnectorSchema, report: Report): void {
  for (const { typeName, fieldName } of connects) {
    const field = fieldName === undefined ? undefined : types.all.get(typeName)?.fields.get(fieldName);
    const argument = types.isRoot(typeName) ? field?.args.get('purpose') : undefined;
    if (argument === undefined) continue;
    report({
      code: 'ReservedArgument',
      at: argument.node,
      coordinate: `${typeName}.${fieldName}(purpose:)`,
      message: 'The manifest requires a purpose, for which the gateway adds an argument of this name.',
      found: 'an argument named purpose',
      expected: 'an argument of another name',
      wayOut: 'Rename the argument. Mappings read the purpose as $context.purpose.',
    });
  }
}

// —— personal fields ——

function checkPersonalFields(
  schema: ConnectorSchema,
  { fields, classification }: ManifestFacts,
  report: Report,
): void {
  const { all, isRoot } = schema.types;
  const seen = new Set<string>();
  const { external } = schema.federation;
  const checkField = (typeName: string, field: FieldInfo) => {
    const coordinate = `${typeName}.${field.name}`;
    if (Object.hasOwn(fields, coordinate) || field.typeName === 'Provenance') return;
    if (field.directives.some((directive) => directive.name.value === external)) return;
    const type = all.get(field.typeName);
    if (type?.kind === 'object' || type?.kind === 'interface' || type?.kind === 'union') walk(field.typeName);
    else {
      report({
        code: 'PersonalFieldWithoutRule',
        at: field.node,
        coordinate,
        message: `The data is ${classification}, and the manifest has no rule for the field.`,
        found: `no ${coordinate} in data.fields`,
        expected: `${coordinate}: personal (or another rule) in data.fields of connector.yaml`,
        wayOut: `Add the rule; a rule for a field of an object type covers the fields of the object.`,
      });
    }
  };
  const walk = (typeName: string) => {
    const type = all.get(typeName);
    if (type === undefined || seen.has(typeName)) return;
    seen.add(typeName);
    for (const field of type.fields.values()) checkField(typeName, field);
    for (const name of type.possible) walk(name);
  };
  // Start from the types that connectors are on or return; a rule for a field covers everything below the field.
  for (const { typeName, fieldName } of schema.connects) {
    const type = all.get(typeName);
    const field = fieldName === undefined ? undefined : type?.fields.get(fieldName);
    if (field === undefined) walk(typeName);
    else if (!isRoot(typeName)) checkField(typeName, field);
    else if (!Object.hasOwn(fields, `${typeName}.${field.name}`)) walk(field.typeName);
  }
}

/** Without the subject nobody could learn who has read the own data. */
function checkSubject(
  schema: ConnectorSchema,
  { subject, classification, isPersonal }: ManifestFacts,
  diagnostics: Diagnostic[],
): void {
  const file = schema.file.replace(/schema\.graphql$/, 'connector.yaml');
  const place = { file, coordinate: 'data.subject' };
  if (subject === undefined) {
    if (!isPersonal) return;
    diagnostics.push({
      ...place,
      code: 'SubjectMissing',
      message: `The data is ${classification}, and the manifest does not say whose it is.`,
      found: 'no data.subject',
      expected: 'the field with the personal identification number, as Type.field',
      wayOut: 'Add it to connector.yaml, e.g. subject: Citizen.personalId; the audit trail needs it.',
    });
    return;
  }
  const [typeName = '', fieldName = ''] = subject.split('.');
  if (schema.types.all.get(typeName)?.fields.has(fieldName) === true) return;
  diagnostics.push({
    ...place,
    code: 'SubjectUnknown',
    message: 'The subject of the data is a field that the schema does not define.',
    found: subject,
    expected: 'a field of schema.graphql, as Type.field',
    wayOut: 'Correct the name.',
  });
}

function checkManifestFields(
  schema: ConnectorSchema,
  { fields }: ManifestFacts,
  diagnostics: Diagnostic[],
): void {
  const file = schema.file.replace(/schema\.graphql$/, 'connector.yaml');
  const unknown = Object.keys(fields).filter((coordinate) => {
    const [typeName = '', fieldName = ''] = coordinate.split('.');
    return schema.types.all.get(typeName)?.fields.has(fieldName) !== true;
  });
  const findings = unknown.map(
    (coordinate): Diagnostic => ({
      code: 'ManifestFieldUnknown',
      message:
        'A rule of the manifest names a field that the schema does not define, so it protects nothing.',
      file,
      coordinate: `data.fields.${coordinate}`,
      found: coordinate,
      expected: 'a field of schema.graphql, as Type.field',
      wayOut: 'Correct the name, or remove the rule.',
    }),
  );
  diagnostics.push(...firstFindings(file, findings));
}

/** Whose consent a field needs must be known from the object that has the field. */
function checkConsentFields(
  schema: ConnectorSchema,
  { subject, consentFields = [] }: ManifestFacts,
  diagnostics: Diagnostic[],
): void {
  const file = schema.file.replace(/schema\.graphql$/, 'connector.yaml');
  const [type = ''] = subject?.split('.') ?? [];
  const isObject = schema.types.all.get(type)?.kind === 'object';
  const wrong = consentFields.filter(
    (coordinate) => !isObject || !coordinate.startsWith(`${type}.`) || coordinate === subject,
  );
  const expected =
    subject === undefined
      ? 'data.subject, and a field of its type'
      : isObject
        ? `a field of ${type} other than ${subject}`
        : 'a data.subject that is a field of an object type';
  const findings = wrong.map(
    (coordinate): Diagnostic => ({
      code: 'ConsentWithoutSubject',
      message: 'The field needs the consent of a person, and its object does not say of whom.',
      file,
      coordinate: `data.fields.${coordinate}`,
      found: subject === undefined ? `${coordinate}, and no data.subject` : coordinate,
      expected,
      wayOut: 'Put the rule on a field of the type of data.subject: it covers everything below the field.',
    }),
  );
  diagnostics.push(...firstFindings(file, findings));
}

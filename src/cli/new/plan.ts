// What `connector new` writes, as answers to its questions.

export const PROTOCOLS = ['json', 'form', 'xml', 'soap11', 'soap12'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const CREDENTIALS = ['none', 'basic', 'bearer', 'header', 'query', 'oauth2ClientCredentials'] as const;
export type CredentialKind = (typeof CREDENTIALS)[number];

export const DATA_CLASSES = ['public', 'internal', 'personal'] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

export const FIELD_TYPES = ['String', 'Int', 'Float', 'Boolean'] as const;

export interface PlannedField {
  readonly name: string;
  readonly type: (typeof FIELD_TYPES)[number];
}

export interface Plan {
  readonly id: string;
  readonly title: { readonly vi: string; readonly en: string };
  /** The agency that owns the connector, and how it is reached. */
  readonly owner: { readonly agency: string; readonly contact: string };
  readonly protocol: Protocol;
  readonly credentials: CredentialKind;
  readonly data: DataClass;
  /** The type that the connector supplies, e.g. `Licence`. */
  readonly type: string;
  /** The field by which one object is found. */
  readonly key: string;
  readonly fields: readonly PlannedField[];
  /** A root field that returns a list by the key, in place of one object: the key is then an argument only. */
  readonly isList: boolean;
  /** Free among the other connectors of the folder. */
  readonly portOffset: number;
}

/** `Query` field: `licence`, `licences`. */
export function rootFieldOf({ type, isList }: Pick<Plan, 'type' | 'isList'>): string {
  const name = `${(type[0] ?? '').toLowerCase()}${type.slice(1)}`;
  return isList ? `${name}s` : name;
}

/** `LICENCES_URL` of `licences`. */
export const variableOf = ({ id }: Pick<Plan, 'id'>, name: string): string =>
  `${id.toUpperCase().replaceAll('-', '_')}_${name}`;

/** The path of the example request. */
export const pathOf = (plan: Plan): string => `/${plan.isList ? rootFieldOf(plan) : `${rootFieldOf(plan)}s`}`;

/** The SOAP operation, and the element of the answer. */
export const operationOf = ({ type }: Plan): string => `Get${type}`;
export const answerOf = ({ type }: Plan): string => `Get${type}Response`;

export const isSoap = ({ protocol }: Pick<Plan, 'protocol'>): boolean => protocol.startsWith('soap');
/** Where the records are in an answer, from its root. */
export function recordPathOf(plan: Plan): readonly string[] {
  if (isSoap(plan)) return [answerOf(plan), 'record'];
  if (plan.protocol === 'xml') return ['answer', 'record'];
  return [plan.isList ? 'records' : 'record'];
}

/** Sent as elements, so that every value of the answer is a text. */
export const isXml = ({ protocol }: Pick<Plan, 'protocol'>): boolean =>
  protocol === 'xml' || protocol.startsWith('soap');

/** The example record that simulator and case share. Synthetic. */
export function exampleValueOf({ name, type }: PlannedField): string | number | boolean {
  switch (type) {
    case 'Int':
      return 42;
    case 'Float':
      return 1.5;
    case 'Boolean':
      return true;
    default:
      return `Example ${name}`;
  }
}

/** The key of the example record; a personal identification number that nobody can have, for personal data. */
export const exampleKeyOf = ({ data }: Pick<Plan, 'data'>): string =>
  data === 'personal' ? '001199000001' : 'A-1';
export const unknownKeyOf = ({ data }: Pick<Plan, 'data'>): string =>
  data === 'personal' ? '001199000002' : 'A-2';

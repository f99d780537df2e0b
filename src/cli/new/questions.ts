// The questions of `connector new`: each is answered by its option, by the person at the terminal, or by its default.

import { UsageError } from '../usage-error.ts';
import {
  CREDENTIALS,
  DATA_CLASSES,
  FIELD_TYPES,
  type Plan,
  type PlannedField,
  PROTOCOLS,
  rootFieldOf,
} from './plan.ts';

/** Values of the options, as typed. */
export interface NewOptions {
  readonly into?: string;
  readonly title?: string;
  readonly titleVi?: string;
  readonly agency?: string;
  readonly contact?: string;
  readonly protocol?: string;
  readonly credentials?: string;
  readonly data?: string;
  readonly entity?: string;
  readonly list?: string;
  readonly key?: string;
  readonly fields?: string;
}

/** Asks a person. @returns what was typed; empty: the default */
export type Ask = (question: string, preset: string) => Promise<string>;

/** The parts of a plan that a person decides. */
export type Answers = Omit<Plan, 'id' | 'portOffset'>;

/**
 * @param isTaken whether the gateway has this type, or this field of Query, already
 * @param ask undefined where nobody is at the terminal: defaults then answer what no option does
 * @throws UsageError for an option that cannot be used
 */
export async function answersOf(
  id: string,
  options: NewOptions,
  ask: Ask | undefined,
  isTaken: (coordinate: string) => boolean,
): Promise<Answers> {
  const { entity, list } = options;
  if (entity !== undefined && list !== undefined)
    throw new UsageError(
      'Found --entity and --list, expected one of them: a type found by its key, or a root field that returns a list.',
    );
  const pick = async <T>(
    given: string | undefined,
    option: string,
    question: string,
    preset: string,
    read: (text: string) => T | undefined,
    expected: string,
  ): Promise<T> => {
    for (let typed = given; ; typed = undefined) {
      const text = (typed ?? (await ask?.(question, preset)) ?? '').trim() || preset;
      const value = read(text);
      if (value !== undefined) return value;
      if (typed !== undefined || ask === undefined)
        throw new UsageError(`${option}: found "${text}", expected ${expected}.`);
    }
  };
  const oneOf =
    <const T extends string>(values: readonly T[]) =>
    (text: string) =>
      values.find((value) => value === text);
  // Neither a reference of the manifest nor the end of a description.
  const line = (text: string): string | undefined =>
    text.length <= 200 && !/[\p{Cc}\p{Zl}\p{Zp}]|"""|\$\{|\\/u.test(text) ? text : undefined;
  const words = id.split('-').map((word) => `${(word[0] ?? '').toUpperCase()}${word.slice(1)}`);
  const isList = list !== undefined;
  const LINE = 'a text of at most 200 characters on one line, without ${, three quotes and backslashes';

  const en = await pick(
    options.title,
    '--title',
    'Name of the system, in English',
    words.join(' '),
    line,
    LINE,
  );
  const vi = await pick(options.titleVi, '--title-vi', 'Name of the system, in Vietnamese', en, line, LINE);
  const agency = await pick(
    options.agency,
    '--agency',
    'Agency that owns the connector',
    'Sở Khoa học và Công nghệ',
    line,
    LINE,
  );
  const contact = await pick(
    options.contact,
    '--contact',
    'How the agency is reached',
    'lgsp@city.example',
    line,
    LINE,
  );
  const protocol = await pick(
    options.protocol,
    '--protocol',
    `Protocol: ${PROTOCOLS.join(', ')}`,
    'json',
    oneOf(PROTOCOLS),
    `one of ${PROTOCOLS.join(', ')}`,
  );
  const credentials = await pick(
    options.credentials,
    '--credentials',
    `Credentials: ${CREDENTIALS.join(', ')}`,
    'none',
    oneOf(CREDENTIALS),
    `one of ${CREDENTIALS.join(', ')}; docs/manifest.md has further kinds, to be written by hand`,
  );
  const data = await pick(
    options.data,
    '--data',
    `Class of the data: ${DATA_CLASSES.join(', ')}`,
    'internal',
    oneOf(DATA_CLASSES),
    `one of ${DATA_CLASSES.join(', ')}`,
  );
  const type = await pick(
    entity ?? list,
    entity === undefined && list !== undefined ? '--list' : '--entity',
    'Type that the connector supplies',
    words.join(''),
    (text) =>
      /^[A-Z][A-Za-z0-9]{0,62}$/.test(text) &&
      !isTaken(text) &&
      !isTaken(`Query.${rootFieldOf({ type: text, isList })}`)
        ? text
        : undefined,
    'the name of a GraphQL type that the gateway does not have yet, such as Licence: a capital letter, then letters and digits',
  );
  const key = await pick(
    options.key,
    '--key',
    'Field by which a record is found',
    'id',
    matching(NAME),
    FIELD_NAME,
  );
  const fields = await pick(
    options.fields,
    '--fields',
    'Further fields, e.g. name, amount: Int',
    'name',
    (text) => fieldsOf(text, key),
    `names with types, such as "name, amount: Int" (types: ${FIELD_TYPES.join(', ')}), each once and without ${key}`,
  );
  return {
    title: { vi, en },
    owner: { agency, contact },
    protocol,
    credentials,
    data,
    type,
    key,
    fields,
    isList: list !== undefined,
  };
}

const NAME = /^[a-z][A-Za-z0-9]{0,62}$/;
const FIELD_NAME = 'the name of a GraphQL field such as number: a small letter, then letters and digits';

const matching =
  (form: RegExp) =>
  (text: string): string | undefined =>
    form.test(text) ? text : undefined;

function fieldsOf(text: string, key: string): PlannedField[] | undefined {
  const fields: PlannedField[] = [];
  const names = new Set([key]);
  for (const part of text.split(',')) {
    const [, name = '', typed = 'String'] = /^\s*(\w+)\s*(?::\s*(\w+)\s*)?$/.exec(part) ?? [];
    const type = FIELD_TYPES.find((each) => each === typed);
    if (!NAME.test(name) || type === undefined || names.has(name) || RESERVED.has(name)) return undefined;
    names.add(name);
    fields.push({ name, type });
  }
  return fields;
}

/** Added by the gateway, or in the way of JavaScript objects. */
const RESERVED: ReadonlySet<string> = new Set(['provenance', 'constructor', 'toString', 'valueOf']);

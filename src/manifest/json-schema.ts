// The manifest's schema as JSON Schema: for editors, and for the page that documents every key.
import { z } from 'zod';
import { manifestSchema } from './manifest.ts';

/** The keywords of JSON Schema that the manifest uses, and those of `manifest-keys.ts`. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly unit?: string;
  readonly whenAbsent?: string;
  readonly pem?: string;
  readonly reference?: boolean;
  /** A value of credentials: a text, a digest or a timestamp. */
  readonly credentialValue?: boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

export const readManifestSchema = (): SchemaNode =>
  z.toJSONSchema(manifestSchema, { io: 'input' }) as SchemaNode;

/** For editors: units and absent values are part of the description, and no keyword is of our own. */
export const readEditorSchema = (): object =>
  z.toJSONSchema(manifestSchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      const { unit, whenAbsent, description, example } = jsonSchema as SchemaNode;
      if (description !== undefined) {
        jsonSchema.description = [
          description,
          unit === undefined ? '' : ` Unit: ${unit}.`,
          whenAbsent === undefined ? '' : ` When absent: ${whenAbsent}.`,
        ].join('');
      }
      if (example !== undefined) jsonSchema.examples = [example];
      for (const own of ['example', 'unit', 'whenAbsent', 'pem', 'reference', 'credentialValue'])
        delete jsonSchema[own];
    },
  });

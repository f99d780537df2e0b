// The arguments of a field as the gateway would pass them: only declared ones, with their defaults, none missing.

import { type InputValueDefinitionNode, Kind, valueFromASTUntyped } from 'graphql';
import type { Operation } from '../../connect/request/operation.ts';
import type { ConnectorFolder } from '../../manifest/read-folder.ts';
import { suggestion, UsageError } from '../usage-error.ts';

/** @throws UsageError that names the argument */
export function completeArguments(
  { typeName, fieldName, name }: Operation,
  given: Readonly<Record<string, unknown>> | undefined,
  { schema }: ConnectorFolder,
): Record<string, unknown> | undefined {
  const field = fieldName === undefined ? undefined : schema.types.all.get(typeName)?.fields.get(fieldName);
  if (field === undefined) return given;
  const names = [...field.args.keys()];
  const unknown = Object.keys(given ?? {}).find((key) => !names.includes(key));
  if (unknown !== undefined) {
    const known = names.length === 0 ? `${name} has no arguments.` : suggestion(unknown, names, 'argument');
    throw new UsageError(`--args: "${unknown}" is not an argument of ${name}. ${known}`);
  }
  const complete: Record<string, unknown> = { ...given };
  for (const [key, { type, node }] of field.args) {
    const { defaultValue } = node as InputValueDefinitionNode;
    if (complete[key] === undefined && defaultValue !== undefined) {
      complete[key] = valueFromASTUntyped(defaultValue);
    }
    if (type.kind === Kind.NON_NULL_TYPE && (complete[key] === undefined || complete[key] === null)) {
      throw new UsageError(
        `--args: found no "${key}", expected a value, because it is required. Write --args '{${JSON.stringify(key)}:…}'.`,
      );
    }
  }
  return given === undefined && names.length === 0 ? undefined : complete;
}

// Reads the arguments that `@source` and `@connect` share: headers, path, query parameters, success and error rules.
// A header without a name, or with both or neither of `value` and `from`, is reported and omitted.

import { type ConstValueNode, Kind } from 'graphql';
import { ARGUMENTS, type ArgumentPlace, fieldsOfObject, readArguments, textOf } from './arguments.ts';
import type { ErrorRules, Fields, HeaderRule, RequestRules } from './model.ts';
import type { Report } from './report.ts';

export function readRules(args: Fields, http: Fields, place: ArgumentPlace, report: Report): RequestRules {
  return {
    headers: readHeaders(http.get('headers'), place, report),
    path: textOf(http.get('path')),
    queryParams: textOf(http.get('queryParams')),
    isSuccess: textOf(args.get('isSuccess')),
    errors: readErrors(args.get('errors'), place, report),
  };
}

function readErrors(
  node: ConstValueNode | undefined,
  place: ArgumentPlace,
  report: Report,
): ErrorRules | undefined {
  const nodes = fieldsOfObject(node);
  if (nodes === undefined) return undefined;
  const fields = readArguments(
    nodes,
    { ...place, table: ARGUMENTS.errors, where: `\`errors\` of ${place.where}` },
    report,
  );
  return { message: textOf(fields.get('message')), extensions: textOf(fields.get('extensions')) };
}

function readHeaders(node: ConstValueNode | undefined, place: ArgumentPlace, report: Report): HeaderRule[] {
  if (node === undefined) return [];
  const rules: HeaderRule[] = [];
  for (const item of node.kind === Kind.LIST ? node.values : [node]) {
    const nodes = fieldsOfObject(item);
    const where = `a header of ${place.where}`;
    const fields = nodes && readArguments(nodes, { ...place, table: ARGUMENTS.header, where }, report);
    const name = textOf(fields?.get('name'))?.value;
    const value = textOf(fields?.get('value'));
    const from = textOf(fields?.get('from'))?.value;
    if (name !== undefined && value !== undefined && from === undefined)
      rules.push({ name, value, node: item });
    else if (name !== undefined && from !== undefined && value === undefined)
      rules.push({ name, from, node: item });
    else {
      report({
        code: 'InvalidHeader',
        at: item,
        coordinate: place.coordinate,
        message:
          name === undefined
            ? 'A header has no name.'
            : `The header "${name}" has ${value === undefined ? 'no value' : 'both `value` and `from`'}.`,
        found: `{ ${[...(fields?.keys() ?? [])].join(', ')} }`,
        expected: '{ name: "X-Name", value: "…" } or { name: "X-Name", from: "X-Client-Header" }',
        wayOut:
          "Set `value` (a text that may contain {expressions}) or `from` (the client's header to copy), not both.",
      });
    }
  }
  return rules;
}

// Rules for the location and the id of a `@connect`.

import { linkVersion } from '../read/arguments.ts';
import type { Report } from '../read/report.ts';
import type { View } from './view.ts';

const ID = /^[A-Za-z][A-Za-z0-9_-]*$/;

export function checkConnectorIds(view: View, report: Report): void {
  const seen = new Map<string, string>();
  for (const { directive, coordinate } of view.parsed.connects) {
    const { id, args, node } = directive;
    if (id === undefined) continue;
    const at = args.get('id') ?? node;
    if (!ID.test(id)) {
      report({
        code: 'InvalidConnectorIdName',
        at,
        coordinate,
        message: 'The id of a connector contains characters that are not allowed.',
        found: JSON.stringify(id),
        expected: 'a letter, then letters, digits, "_" or "-"',
        wayOut: 'Change the id, or omit `id`; the connector is then named by its coordinate.',
      });
    }
    const other = seen.get(id);
    if (other === undefined) {
      seen.set(id, coordinate);
      continue;
    }
    report({
      code: 'DuplicateIdName',
      at,
      coordinate,
      message: `Two connectors have the id "${id}".`,
      found: `"${id}" on ${other} and on ${coordinate}`,
      expected: 'one connector per id',
      wayOut: 'Rename one of them, or omit `id`.',
    });
  }
}

/** Warns of what has no effect in a `@connect` without `http`: it sends nothing, so it has no answer. */
export function checkComputed(view: View, report: Report): void {
  for (const connect of view.parsed.connects) {
    const { directive, coordinate, selection } = connect;
    if (directive.url !== undefined) continue;
    const unused = [
      ['InvalidIsSuccess', 'isSuccess'],
      ['InvalidErrorsMessage', 'errors'],
    ] as const;
    for (const [code, name] of unused) {
      const at = directive.args.get(name);
      if (at === undefined) continue;
      report({
        code,
        severity: 'warning',
        at,
        coordinate,
        message: `\`${name}\` has no effect: a @connect without \`http\` has no answer to judge.`,
        found: name,
        expected: 'a @connect with `http`, or the selection alone',
        wayOut: `Remove \`${name}\`, or add \`http\`.`,
      });
    }
    const read =
      selection &&
      view.reads(selection).find(({ variable, derived }) => variable === '$' && derived !== true);
    if (selection === undefined || read === undefined || read.path.length === 0) continue;
    const path = read.path.map(({ name }) => name).join('.');
    report({
      code: 'InvalidSelection',
      severity: 'warning',
      at: { text: selection.text, offset: read.start },
      coordinate,
      message: `"${path}" is always missing: a @connect without \`http\` has no answer.`,
      found: path,
      expected: '$args, $this, $config, $env, $context, or a constant',
      wayOut: 'Begin with a variable, write a text in quotes, or add `http` with a method and its URL.',
    });
  }
}

export function checkConnectPlaces(view: View, report: Report): void {
  const { types } = view;
  const { version, connect: name } = view.schema.links;
  const subscription = types.all.get(types.subscription);
  if (subscription !== undefined) {
    report({
      code: 'SubscriptionInConnectors',
      at: subscription.node,
      coordinate: subscription.name,
      message: 'A schema with connectors cannot have subscriptions.',
      found: `type ${subscription.name}`,
      expected: `the root types ${types.query} and ${types.mutation} only`,
      wayOut: 'Remove the type; offer a query instead, which clients poll.',
    });
  }
  for (const { directive, coordinate } of view.parsed.connects) {
    const { typeName, fieldName, node } = directive;
    const type = types.all.get(typeName);
    if (typeName === types.subscription) continue;
    if (fieldName === undefined && types.isRoot(typeName)) {
      report({
        code: 'ConnectOnRoot',
        at: node,
        coordinate,
        message: `@${name} is on the root type itself.`,
        found: `type ${typeName} @${name}(…)`,
        expected: `@${name} on a field`,
        wayOut: `Move it to the field of ${typeName} that it resolves.`,
      });
    } else if (type?.kind === 'interface') {
      report({
        code: 'ConnectorsUnsupportedAbstractType',
        at: node,
        coordinate,
        message: 'A connector is on an interface, which has no objects of its own.',
        found: `@${name} on interface ${typeName}`,
        expected: `@${name} on the object types that implement it`,
        wayOut: `Repeat it on ${[...type.possible].join(', ') || 'each implementing type'}.`,
      });
    } else if (fieldName === undefined && version === '0.1') {
      report({
        code: 'ConnectVersionTooOld',
        at: node,
        coordinate,
        message: `@${name} on a type needs connect v0.2.`,
        found: 'connect v0.1',
        expected: 'connect v0.2 or later',
        wayOut: `${linkVersion('0.2')}, or write a field of ${types.query} with \`entity: true\`.`,
      });
    }
  }
}

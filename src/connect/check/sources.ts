// Rules for `@source`: valid and unique names, and connectors that refer to an existing source.

import { Kind } from 'graphql';
import { nearestName } from '../mapping/syntax-error.ts';
import type { Report } from '../read/report.ts';
import type { View } from './view.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

export function checkSourceNames(view: View, report: Report): void {
  for (const { directive } of view.parsed.sources) {
    const { name, args, node } = directive;
    if (NAME.test(name)) continue;
    const usable = name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+|(?<!-)-+$/g, '');
    report({
      code: 'InvalidSourceName',
      at: args.get('name') ?? node,
      coordinate: `@source(name: ${JSON.stringify(name)})`,
      message: 'The name of a source contains characters that are not allowed.',
      found: JSON.stringify(name),
      expected: 'a letter, then letters, digits, "_" or "-"',
      wayOut: usable === '' ? 'Choose another name.' : `Write "${usable}", here and in @connect(source: …).`,
    });
  }
}

export function checkDuplicateSources(view: View, report: Report): void {
  const seen = new Set<string>();
  for (const { directive, coordinate } of view.parsed.sources) {
    const { name, args, node } = directive;
    if (!seen.has(name)) {
      seen.add(name);
      continue;
    }
    report({
      code: 'DuplicateSourceName',
      at: args.get('name') ?? node,
      coordinate,
      message: `Two sources are named "${name}".`,
      found: `a second @source(name: "${name}")`,
      expected: 'one source per name',
      wayOut: 'Rename one of them, or remove it.',
    });
  }
}

export function checkSourceReferences(view: View, report: Report): void {
  const names = view.schema.sources.map((source) => source.name);
  // An unimported @source is reported as a missing import; further findings would only repeat it.
  if (names.length === 0 && hasUnimportedSource(view)) return;
  for (const { directive, coordinate } of view.parsed.connects) {
    const { source, args, node } = directive;
    if (source === undefined || names.includes(source)) continue;
    const at = args.get('source') ?? node;
    const found = `source: ${JSON.stringify(source)}`;
    if (names.length === 0) {
      report({
        code: 'NoSourcesDefined',
        at,
        coordinate,
        message: 'The schema defines no @source.',
        found,
        expected: `extend schema @source(name: ${JSON.stringify(source)}, http: { baseURL: "…" })`,
        wayOut: 'Add the source, or omit `source` and write an absolute URL.',
      });
      continue;
    }
    const near = nearestName(source, names);
    report({
      code: 'SourceNameMismatch',
      at,
      coordinate,
      message: 'The schema defines no source with this name.',
      found,
      expected: names.map((name) => `"${name}"`).join(' or '),
      wayOut: near === undefined ? 'Refer to one of these, or add a @source.' : `Did you mean "${near}"?`,
    });
  }
}

const hasUnimportedSource = ({ schema }: View): boolean =>
  schema.document.definitions.some(
    (definition) =>
      (definition.kind === Kind.SCHEMA_EXTENSION || definition.kind === Kind.SCHEMA_DEFINITION) &&
      definition.directives?.some((directive) => directive.name.value === 'source') === true,
  );

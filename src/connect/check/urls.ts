// Rules for URLs: scheme and host, absolute or relative, and the kinds of values that expressions in a URL, `path` and
// `queryParams` yield. Parts that depend on the manifest's settings are checked when the connector is compiled.

import { casesOf, type Shape } from '../mapping/index.ts';
import {
  CODE_OF,
  type ParsedConnect,
  type ParsedMapping,
  type ParsedSource,
  type ParsedTemplate,
} from '../read/parse-texts.ts';
import type { Report } from '../read/report.ts';
import { sourceText } from './key-position.ts';
import { SETTING_VARIABLES } from './variable-findings.ts';
import type { View } from './view.ts';

const ABSOLUTE = /^\s*[a-z][a-z0-9+.-]*:\/\//i;

export function checkUrlKind(view: View, report: Report): void {
  for (const { directive, coordinate, url } of view.parsed.connects) {
    const { source, url: text } = directive;
    if (text === undefined) continue;
    const isAbsolute = ABSOLUTE.test(text.value);
    if (isAbsolute && source !== undefined) {
      report({
        code: 'AbsoluteConnectUrlWithSource',
        at: text.node,
        coordinate,
        message: 'The URL is absolute although the connector has a source.',
        found: JSON.stringify(text.value.trim()),
        expected: 'a path below the base URL of the source, e.g. "/people/{$args.id}"',
        wayOut: 'Write the path only, or omit `source`.',
      });
    }
    // `{$config.baseUrl}/x` may be absolute: its beginning is known only when the settings are.
    const startsWithExpression = url?.parts[0]?.mapping !== undefined;
    if (!isAbsolute && source === undefined && !startsWithExpression) {
      report({
        code: 'RelativeConnectUrlWithoutSource',
        at: text.node,
        coordinate,
        message: 'The URL is relative and the connector has no source.',
        found: JSON.stringify(text.value.trim()),
        expected: 'an absolute URL, "https://…", or a source',
        wayOut: 'Set `source`, or write an absolute URL.',
      });
    }
  }
}

export function checkUrlOrigins(view: View, report: Report): void {
  for (const { baseURL, coordinate } of view.parsed.sources) {
    if (baseURL !== undefined) checkOrigin(baseURL, true, coordinate, view, report);
  }
  for (const { url, coordinate } of view.parsed.connects) {
    if (url !== undefined) checkOrigin(url, false, coordinate, view, report);
  }
}

function checkOrigin(
  template: ParsedTemplate,
  mustBeAbsolute: boolean,
  coordinate: string,
  view: View,
  report: Report,
): void {
  const { text, parts } = template;
  const [first, second] = parts;
  if (first === undefined ? !mustBeAbsolute : first.mapping !== undefined) return;
  const start = first?.mapping === undefined ? (first?.text ?? '').trim() : '';
  const at = text.node;
  const found = JSON.stringify(text.value.trim());
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(start);
  if (match === null) {
    if (!mustBeAbsolute) return;
    report({
      code: 'InvalidUrlScheme',
      at,
      coordinate,
      message: 'The base URL does not start with http:// or https://.',
      found,
      expected: '"https://host/path", or a setting: "{$config.baseUrl}"',
      wayOut: 'Add the scheme and the host.',
    });
    return;
  }
  const [whole, scheme = '', host = ''] = match;
  if (!/^https?$/i.test(scheme)) {
    report({
      code: 'InvalidUrlScheme',
      at,
      coordinate,
      message: 'The scheme of the URL is neither http nor https.',
      found: `${scheme}://`,
      expected: 'http:// or https://',
      wayOut: 'Use the http or https address of the system; connectors support no other scheme.',
    });
    return;
  }
  const hostContinues = start.length === whole.length && second !== undefined;
  if (hostContinues && !mustBeAbsolute) {
    // `checkVariables` refuses all other variables in a host.
    const expression = template.expressions.find(({ offset }) => offset === second.start + 1);
    const reads = expression === undefined ? [] : view.reads(expression);
    if (!reads.every(({ variable }) => SETTING_VARIABLES.includes(variable))) return;
    report({
      code: 'InvalidUrl',
      at: { text, offset: second.start },
      coordinate,
      message: 'The host of the URL contains an expression.',
      found,
      expected: 'a fixed host; expressions may follow the first "/" or "?"',
      wayOut: 'Define a @source whose baseURL is a setting, "{$config.baseUrl}", and write the path here.',
    });
    return;
  }
  if (hostContinues || URL.canParse(`${scheme}://${host}/`)) return;
  report({
    code: 'InvalidUrl',
    at,
    coordinate,
    message: 'The URL has no valid host.',
    found,
    expected: 'scheme://host, e.g. https://api.example.com',
    wayOut: 'Correct the host.',
  });
}

/** A value in a URL or header is a string, number or boolean; `path` is a list of these, `queryParams` an object. */
export function checkRequestShapes(view: View, report: Report): void {
  for (const parsed of [...view.parsed.sources, ...view.parsed.connects]) {
    for (const template of templatesOf(parsed)) {
      for (const mapping of template.expressions) {
        const wrong = firstOf(
          view.shape(mapping),
          (shape) => shape.kind === 'object' || shape.kind === 'list',
        );
        if (wrong === undefined) continue;
        report({
          ...place(mapping, wrong, parsed.coordinate),
          message: `An expression in ${mapping.role === 'header' ? 'a header' : 'a URL'} yields ${describeKind(wrong)}.`,
          found: `{${sourceText(mapping.text.value.slice(mapping.offset), [mapping.tree.start, mapping.tree.end])}}`,
          expected: 'a string, a number or a boolean',
          wayOut: 'Select one value, or join a list into one string with ->joinNotNull(",").',
        });
      }
    }
    checkPath(parsed, view, report);
    checkQueryParams(parsed, view, report);
  }
}

function checkPath(parsed: ParsedSource | ParsedConnect, view: View, report: Report): void {
  const { path, coordinate } = parsed;
  const wrong =
    path &&
    firstOf(view.shape(path), (shape) =>
      shape.kind === 'list'
        ? firstOf(shape.item, (item) => item.kind === 'object' || item.kind === 'list') !== undefined
        : shape.kind === 'object' || (shape.kind === 'scalar' && shape.type !== 'null'),
    );
  if (path === undefined || wrong === undefined) return;
  report({
    ...place(path, wrong, coordinate),
    message: `\`path\` yields ${wrong.kind === 'list' ? 'a list with elements that are not plain values' : describeKind(wrong)}.`,
    found: sourceText(path.text.value, wrong.range),
    expected: 'a list of path segments, e.g. $(["v1", $args.id])',
    wayOut: 'Write the segments as a list; null segments are omitted.',
  });
}

function checkQueryParams(parsed: ParsedSource | ParsedConnect, view: View, report: Report): void {
  const { queryParams, coordinate } = parsed;
  if (queryParams === undefined) return;
  const shape = view.shape(queryParams);
  const wrong = firstOf(
    shape,
    (option) => option.kind === 'list' || (option.kind === 'scalar' && option.type !== 'null'),
  );
  if (wrong !== undefined) {
    report({
      ...place(queryParams, wrong, coordinate),
      message: `\`queryParams\` yields ${describeKind(wrong)}.`,
      found: sourceText(queryParams.text.value, wrong.range),
      expected: 'an object of parameters, e.g. "page: $args.page"',
      wayOut: 'Name each parameter: `name: value`.',
    });
    return;
  }
  if (shape.kind !== 'object') return;
  for (const [key, value] of shape.fields) {
    const nested = firstOf(value.kind === 'list' ? value.item : value, (option) => option.kind === 'object');
    if (nested === undefined) continue;
    report({
      ...place(queryParams, nested, coordinate),
      message: `The query parameter "${key}" is an object.`,
      found: sourceText(queryParams.text.value, nested.range),
      expected: 'a string, a number, a boolean, or a list of these',
      wayOut: 'Select one of its values, or write the object as JSON with ->jsonStringify.',
    });
  }
}

function* templatesOf(parsed: ParsedSource | ParsedConnect): Generator<ParsedTemplate> {
  const url = 'baseURL' in parsed ? parsed.baseURL : parsed.url;
  if (url !== undefined) yield url;
  for (const { template } of parsed.headers) if (template !== undefined) yield template;
}

const place = (mapping: ParsedMapping, shape: Shape, coordinate: string) => ({
  code: CODE_OF[mapping.role],
  at: { text: mapping.text, offset: mapping.offset + shape.range[0] },
  coordinate,
});

/** The first possible shape of a value that satisfies the test. */
export const firstOf = (shape: Shape, test: (shape: Shape) => boolean): Shape | undefined =>
  casesOf(shape).find(test);

const describeKind = (shape: Shape): string =>
  shape.kind === 'object'
    ? 'an object'
    : shape.kind === 'list'
      ? 'a list'
      : shape.kind === 'scalar'
        ? `a ${shape.type}`
        : 'a value';

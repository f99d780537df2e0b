// Rules for headers: valid names, no headers that only the transport sets, and each header once.

import { isWithheldHeader } from '../../header-names.ts';
import { usesOf } from '../mapping/index.ts';
import type { HeaderRule } from '../read/model.ts';
import { mappingsOf } from '../read/parse-texts.ts';
import type { Report } from '../read/report.ts';
import { isReserved } from '../request/headers.ts';
import type { View } from './view.ts';

/** RFC 9110: the characters of a field name. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Headers negotiated between the gateway and the source; the client's value must not be forwarded. */
const ONLY_BY_VALUE: ReadonlySet<string> = new Set(['content-type', 'accept']);

export function checkHeaderNames(view: View, report: Report): void {
  for (const { directive, coordinate } of [...view.parsed.sources, ...view.parsed.connects]) {
    for (const rule of directive.headers) {
      const finding = faultOf(rule);
      if (finding !== undefined) report({ code: 'InvalidHeader', at: rule.node, coordinate, ...finding });
    }
  }
}

function faultOf(rule: HeaderRule) {
  for (const name of rule.from === undefined ? [rule.name] : [rule.name, rule.from]) {
    if (TOKEN.test(name)) continue;
    return {
      message: 'A header name contains characters that are not allowed.',
      found: JSON.stringify(name),
      expected: 'letters, digits and -, e.g. X-Request-Id',
      wayOut: 'Correct the name; the value belongs in `value`.',
    };
  }
  if (isReserved(rule)) {
    return {
      message: `The header "${rule.name}" is set by the transport and cannot be declared.`,
      found: rule.name,
      expected: 'a header that does not control the connection',
      wayOut: 'Remove the header; the transport sets host, length and connection for each request.',
    };
  }
  if (rule.from !== undefined && ONLY_BY_VALUE.has(rule.name.toLowerCase())) {
    return {
      message: `The header "${rule.name}" cannot be copied from the client.`,
      found: `from: "${rule.from}"`,
      expected: `value: "application/json"`,
      wayOut: 'Write the media type that the source accepts as `value`.',
    };
  }
  return undefined;
}

/** Headers of the client that no source receives: copied by `from`, or read from `$request.headers`. */
export function checkWithheldHeaders(view: View, report: Report): void {
  for (const part of [...view.parsed.sources, ...view.parsed.connects]) {
    const { coordinate } = part;
    for (const { from, node } of part.directive.headers) {
      if (from !== undefined && isWithheldHeader(from))
        report({ ...withheld(from), at: node, coordinate, found: `from: "${from}"` });
    }
    const seen = new Set<string>();
    for (const { tree, text } of mappingsOf(part)) {
      for (const { variable, path } of usesOf(tree)) {
        const [first, name] = path;
        if (variable !== '$request' || first !== 'headers' || name === undefined) continue;
        if (!isWithheldHeader(name) || seen.has(name)) continue;
        seen.add(name);
        report({ ...withheld(name), at: text.node, coordinate, found: `$request.headers.${name}` });
      }
    }
  }
}

const withheld = (name: string) => ({
  code: 'ClientHeaderWithheld',
  message: `The header "${name}" of the client is not passed on to a source: the value is always absent.`,
  expected: 'a header without credentials, addresses or certificates of the client',
  wayOut:
    'Use the credentials of the gateway: `credentials` in connector.yaml. Who asks is in $context.actor.',
});

export function checkHeaderCollisions(view: View, report: Report): void {
  for (const { directive, coordinate } of [...view.parsed.sources, ...view.parsed.connects]) {
    const seen = new Map<string, string>();
    for (const rule of directive.headers) {
      // A name that is refused already is not counted.
      if (faultOf(rule) !== undefined) continue;
      const { name, node } = rule;
      const other = seen.get(name.toLowerCase());
      if (other === undefined) {
        seen.set(name.toLowerCase(), name);
        continue;
      }
      report({
        code: 'HttpHeaderNameCollision',
        at: node,
        coordinate,
        message: `The header "${name}" is set twice.`,
        found: other === name ? `"${name}" again` : `"${other}" and "${name}", which name the same header`,
        expected: 'each header once (names are case-insensitive)',
        wayOut: 'Keep one of the two. A header of a @connect replaces the same header of its @source.',
      });
    }
  }
}

// Rules of headers: their names, which are not a connector's to set, and that none is given twice.

import type { HeaderRule } from '../read/model.ts';
import type { Report } from '../read/report.ts';
import { isReserved } from '../request/headers.ts';
import type { View } from './view.ts';

/** RFC 9110: the characters of a field name. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What is negotiated between the gateway and the source, so the client's own cannot be passed on. */
const ONLY_BY_VALUE: ReadonlySet<string> = new Set(['content-type', 'accept']);

export function checkHeaderNames(view: View, report: Report): void {
  for (const { directive, coordinate } of [...view.parsed.sources, ...view.parsed.connects]) {
    for (const rule of directive.headers) {
      const finding = judge(rule);
      if (finding !== undefined) report({ code: 'InvalidHeader', at: rule.node, coordinate, ...finding });
    }
  }
}

function judge(rule: HeaderRule) {
  for (const name of rule.from === undefined ? [rule.name] : [rule.name, rule.from]) {
    if (TOKEN.test(name)) continue;
    return {
      message: 'A header name has characters it may not have.',
      found: JSON.stringify(name),
      expected: 'letters, digits and -, e.g. X-Request-Id',
      wayOut: 'Correct the name; a value goes into `value`.',
    };
  }
  if (isReserved(rule)) {
    return {
      message: `The header "${rule.name}" is set by the transport and by nobody else.`,
      found: rule.name,
      expected: 'a header that is not of the connection itself',
      wayOut: 'Take it out; host, length and connection are worked out for each request.',
    };
  }
  if (rule.from !== undefined && ONLY_BY_VALUE.has(rule.name.toLowerCase())) {
    return {
      message: `The header "${rule.name}" cannot be copied from the client.`,
      found: `from: "${rule.from}"`,
      expected: `value: "application/json"`,
      wayOut: 'Write what the source speaks as `value`.',
    };
  }
  return undefined;
}

export function checkHeaderCollisions(view: View, report: Report): void {
  for (const { directive, coordinate } of [...view.parsed.sources, ...view.parsed.connects]) {
    const seen = new Map<string, string>();
    for (const { name, node } of directive.headers) {
      const other = seen.get(name.toLowerCase());
      if (other === undefined) {
        seen.set(name.toLowerCase(), name);
        continue;
      }
      report({
        code: 'HttpHeaderNameCollision',
        at: node,
        coordinate,
        message: `The header "${name}" is given twice.`,
        found: other === name ? `"${name}" again` : `"${other}" and "${name}", which are one header`,
        expected: 'each header once (upper and lower case do not matter)',
        wayOut:
          'Keep one of the two. A header of a @connect replaces the one of its @source without being repeated here.',
      });
    }
  }
}

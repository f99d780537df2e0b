// Elements of the SOAP Header in a manifest: a tree whose names, prefixes and leaves are checked here.
import { z } from 'zod';
import { about, setting, text } from '../manifest-keys.ts';

const NCNAME = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

/** Levels of elements; real headers have two or three. */
const MAX_DEPTH = 16;

/** Prefixes that the envelope itself uses. */
const OWN_PREFIXES: ReadonlySet<string> = new Set(['soap', 'xml', 'xmlns', 'wsse', 'wsu', 'ds']);

export const prefixes = z
  .record(text, text)
  .default({})
  .meta(
    about('Namespaces by prefix, for the names in `headers`. The prefix `soap` is that of the envelope.', {
      sec: 'urn:example:security',
    }),
  );

export const headers = z
  .record(
    text,
    z.union([setting, z.number(), z.boolean(), z.array(z.any()), z.record(text, z.any())], {
      error: 'a text, a number, a boolean, a list, or a map of elements, `@attributes` and `#text`',
    }),
  )
  .default({})
  .meta(
    about(
      'Elements of the SOAP Header: texts, or maps of elements, `@attributes` and `#text`; a list repeats its element. References are allowed, and `${header:name}` for a header that the schema builds.',
      { Token: '${env:POPULATION_TOKEN}' },
    ),
  );

interface Trees {
  readonly prefixes: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, unknown>>;
}

type Mistake = readonly [path: readonly (string | number)[], message: string];

export function headerTreeMistakes({ prefixes: declared, headers: tree }: Trees): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const prefix of Object.keys(declared)) {
    if (!NCNAME.test(prefix))
      mistakes.push([['prefixes', prefix], 'a prefix such as sec: letters, digits, _ - .']);
    else if (OWN_PREFIXES.has(prefix)) {
      mistakes.push([
        ['prefixes', prefix],
        `a prefix other than ${[...OWN_PREFIXES].join(', ')}, which the gateway declares itself`,
      ]);
    }
  }
  const known = ['soap', ...Object.keys(declared)];
  const checkName = (key: string, path: readonly (string | number)[]): void => {
    const [first = '', second, more] = (key.startsWith('@') ? key.slice(1) : key).split(':');
    const local = second ?? first;
    if (more !== undefined || !NCNAME.test(local)) {
      mistakes.push([path, 'the name of an element, `@attribute` or `#text`: name or prefix:name']);
    } else if (second !== undefined && !known.includes(first)) {
      mistakes.push([path, `a prefix of soap.prefixes: one of ${known.join(', ')}`]);
    }
  };
  const check = (node: unknown, path: readonly (string | number)[], depth: number): void => {
    if (depth > MAX_DEPTH) mistakes.push([path, `at most ${MAX_DEPTH} nested elements`]);
    else if (Array.isArray(node)) node.forEach((item, i) => void check(item, [...path, i], depth + 1));
    else if (typeof node === 'object' && node !== null) {
      for (const [key, inner] of Object.entries(node)) {
        if (key !== '#text') checkName(key, [...path, key]);
        const isLeaf = key === '#text' || key.startsWith('@');
        if (isLeaf && typeof inner === 'object') {
          mistakes.push([[...path, key], 'a text, a number or a boolean']);
        } else check(inner, [...path, key], depth + 1);
      }
    } else if (!['string', 'number', 'boolean'].includes(typeof node)) {
      mistakes.push([path, 'a text, a number, a boolean, a list or a map of elements']);
    }
  };
  for (const [name, node] of Object.entries(tree)) {
    if (name.startsWith('@') || name === '#text') {
      mistakes.push([['headers', name], 'the name of an element; attributes belong inside one']);
      continue;
    }
    checkName(name, ['headers', name]);
    check(node, ['headers', name], 1);
  }
  return mistakes;
}

// Refuses YAML that can be parsed and that no connector may contain: nesting that later steps cannot follow, aliases that multiply
// what they refer to, keys that are written twice, and features of YAML that have no meaning here (merge keys, tags, keys that are
// not texts).

import { type Alias, type Document, isScalar, type Node, type Scalar, visit, type YAMLMap } from 'yaml';
import type { YamlFault } from './yaml-syntax.ts';

/** Nested maps and lists at most; a manifest has six levels. */
const MAX_NESTING = 64;
/** Aliases (`*name`) at most. Each repeats a part of the file. */
const MAX_ALIASES = 20;

/** Brackets open at the same place, in texts and comments too: the parser takes time quadratic in their number. */
const MAX_OPEN_BRACKETS = 1000;

/** The place at which too many brackets are open. Called before the text is parsed. */
export function bracketFault(text: string): YamlFault | undefined {
  let open = 0;
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    // [ and {, ] and }: they differ by one bit.
    if ((code & 0xdf) === 0x5b) open++;
    else if ((code & 0xdf) === 0x5d) open = Math.max(0, open - 1);
    if (open <= MAX_OPEN_BRACKETS) continue;
    return {
      message: `More than ${MAX_OPEN_BRACKETS} brackets are open.`,
      found: `bracket ${MAX_OPEN_BRACKETS + 1}`,
      expected: `at most ${MAX_OPEN_BRACKETS} brackets that are not closed`,
      wayOut: 'Close or remove brackets.',
      offset,
    };
  }
  return undefined;
}

type Path = readonly unknown[];

/** In the order of the file. */
export function structureFaults(document: Document.Parsed): readonly YamlFault[] {
  const faults: YamlFault[] = [];
  const anchors = new Set<string>();
  let aliases = 0;
  let multiplies = false;

  const refuse = (node: Node, fault: Omit<YamlFault, 'offset'>): void => {
    faults.push({ ...fault, offset: node.range?.[0] ?? 0 });
  };

  const enter = (node: Node & { anchor?: string }, path: Path): symbol | undefined => {
    if (node.anchor !== undefined) anchors.add(node.anchor);
    // The path contains the key of each map besides the map itself.
    if (path.length <= 2 * MAX_NESTING) return undefined;
    refuse(node, TOO_DEEP);
    return visit.BREAK;
  };

  const enterAlias = (alias: Alias, path: Path): symbol | undefined => {
    if (!anchors.has(alias.source)) refuse(alias, noAnchor(alias.source));
    else if (path.some(hasAnchor) && !multiplies) {
      // Once: the parts that repeat each other are one mistake.
      multiplies = true;
      refuse(alias, MULTIPLIES);
    }
    if (++aliases <= MAX_ALIASES) return undefined;
    refuse(alias, TOO_MANY_ALIASES);
    return visit.BREAK;
  };

  const checkKeys = (map: YAMLMap): void => {
    const seen = new Set<unknown>();
    for (const { key } of map.items) {
      if (!isScalar(key)) {
        if ((key as Node | null)?.range !== undefined) refuse(key as Node, NOT_A_TEXT);
        continue;
      }
      if (key.value === '<<' && key.type === 'PLAIN') refuse(key, MERGE_KEY);
      else if (seen.has(key.value)) refuse(key, repeated(key));
      seen.add(key.value);
    }
  };

  visit(document, {
    Alias: (_, alias, path) => enterAlias(alias, path),
    Map: (_, map, path) => {
      checkKeys(map);
      return enter(map, path);
    },
    Seq: (_, list, path) => enter(list, path),
    Scalar: (_, scalar, path) => enter(scalar, path),
  });
  for (const { code, pos } of document.warnings) {
    if (code === 'TAG_RESOLVE_FAILED') faults.push({ ...TAG, offset: pos[0] });
  }
  return faults.toSorted((a, b) => a.offset - b.offset);
}

const hasAnchor = (node: unknown): boolean =>
  typeof node === 'object' && node !== null && (node as { anchor?: string }).anchor !== undefined;

const TOO_DEEP = {
  message: `Maps and lists are nested in more than ${MAX_NESTING} levels.`,
  found: `level ${MAX_NESTING + 1}`,
  expected: `at most ${MAX_NESTING} levels`,
  wayOut: 'Remove levels.',
};

const noAnchor = (name: string): Omit<YamlFault, 'offset'> => ({
  message: 'A text that begins with * is an alias, and no part of the file before it is named by an anchor.',
  found: `*${name}`,
  expected: `&${name} before it, or the text in quotes`,
  wayOut: `Put the text in quotes: "*${name}".`,
});

const MULTIPLIES = {
  message: 'An alias is inside a part that another alias can repeat: the content would multiply.',
  found: 'an alias (*name) below an anchor (&name)',
  expected: 'anchors on parts without aliases',
  wayOut: 'Write the content out.',
};

const TOO_MANY_ALIASES = {
  message: `The file has more than ${MAX_ALIASES} aliases.`,
  found: `alias ${MAX_ALIASES + 1}`,
  expected: `at most ${MAX_ALIASES}`,
  wayOut: 'Write the content out.',
};

const MERGE_KEY = {
  message: 'Merge keys are not supported.',
  found: '<<',
  expected: 'the keys themselves',
  wayOut: 'Write the keys out, or use an alias for a whole value: key: *name.',
};

const NOT_A_TEXT = {
  message: 'A key is not a text.',
  found: 'a list, a map or an alias as a key',
  expected: 'a text, as in `key: value`',
  wayOut: 'Write a text before the colon, in quotes if it begins with a bracket, * or ?.',
};

const TAG = {
  message: 'A tag (!name) has no meaning here.',
  found: 'a value with a tag',
  expected: 'a plain value, or a reference: ${env:NAME} or ${file:/path}',
  wayOut: 'Remove the tag; put a text that begins with ! in quotes.',
};

const repeated = ({ value }: Scalar): Omit<YamlFault, 'offset'> => ({
  message: 'A key is written twice.',
  found: `${String(value)} again`,
  expected: `${String(value)} once`,
  wayOut: 'Keep one of the two.',
});

// Refuses YAML documents whose content costs more than their size: nesting that later steps cannot follow, and aliases that
// multiply what they refer to. Also refuses keys that are written twice and aliases without an anchor.

import { type Alias, type Document, isScalar, type Node, visit, type YAMLMap } from 'yaml';

export interface YamlFault {
  readonly message: string;
  /** Offsets into the text. */
  readonly pos: readonly [start: number, end: number];
}

/** Nested maps and lists at most; a manifest has six levels. */
const MAX_NESTING = 64;
/** Aliases (`*name`) at most. Each repeats a part of the file. */
const MAX_ALIASES = 20;

/** Brackets open at the same place, in texts and comments too: the parser takes time quadratic in their number. */
const MAX_OPEN_BRACKETS = 1000;

/** The place at which too many brackets are open. Called before the text is parsed. */
export function bracketFault(text: string): YamlFault | undefined {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // [ and {, ] and }: they differ by one bit.
    if ((code & 0xdf) === 0x5b) open++;
    else if ((code & 0xdf) === 0x5d) open = Math.max(0, open - 1);
    if (open > MAX_OPEN_BRACKETS)
      return { message: `More than ${MAX_OPEN_BRACKETS} brackets are open`, pos: [at, at + 1] };
  }
  return undefined;
}

type Path = readonly unknown[];

/** In the order of the file. */
export function structureFaults(document: Document.Parsed): readonly YamlFault[] {
  const faults: YamlFault[] = [];
  const anchors = new Set<string>();
  let aliases = 0;

  const refuse = (node: Node, message: string): void => {
    const [start, , end] = node.range ?? [0, 0, 0];
    faults.push({ message, pos: [start, end] });
  };

  const enter = (node: Node & { anchor?: string }, path: Path): symbol | undefined => {
    if (node.anchor !== undefined) anchors.add(node.anchor);
    // The path contains the key of each map besides the map itself.
    if (path.length <= 2 * MAX_NESTING) return undefined;
    refuse(node, `Maps and lists are nested in more than ${MAX_NESTING} levels`);
    return visit.BREAK;
  };

  const enterAlias = (alias: Alias, path: Path): symbol | undefined => {
    if (!anchors.has(alias.source)) refuse(alias, 'An alias refers to no anchor before it');
    else if (path.some(hasAnchor)) refuse(alias, 'An alias is inside a part that another alias can repeat');
    if (++aliases <= MAX_ALIASES) return undefined;
    refuse(alias, `The file has more than ${MAX_ALIASES} aliases`);
    return visit.BREAK;
  };

  const findRepeated = (map: YAMLMap): void => {
    const seen = new Set<unknown>();
    for (const { key } of map.items) {
      if (!isScalar(key)) continue;
      if (seen.has(key.value)) refuse(key, 'Map keys must be unique');
      seen.add(key.value);
    }
  };

  visit(document, {
    Alias: (_, alias, path) => enterAlias(alias, path),
    Map: (_, map, path) => {
      findRepeated(map);
      return enter(map, path);
    },
    Seq: (_, list, path) => enter(list, path),
    Scalar: (_, scalar, path) => enter(scalar, path),
  });
  return faults;
}

const hasAnchor = (node: unknown): boolean =>
  typeof node === 'object' && node !== null && (node as { anchor?: string }).anchor !== undefined;

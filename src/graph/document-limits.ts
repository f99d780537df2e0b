// How large a document may be. Checked in two steps: the text before it is parsed, since the parser recurses once per
// level, and the selections before they are validated, since a few fragments can stand for millions of fields. Both steps
// take time linear in the size of the document.

import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getLocation,
  Kind,
  Lexer,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql';
import { type DocumentProblem, tooCostly } from './document-problem.ts';

/** Characters of a document, 20 for each token. A long text belongs into a variable. */
export const MAX_CHARACTERS = 100_000;

/** Tokens of a document. The longest documented operation has under 300; 16 connections deep with 20 fields each: 1,000. */
export const MAX_TOKENS = 5_000;

/** Levels of selections, lists and objects within each other, fragments included. Introspection needs 14. */
export const MAX_NESTING = 100;

/** Selections of all operations together after fragments are expanded: as many as `MAX_TOKENS` allows without fragments. */
export const MAX_SELECTIONS = 5_000;

/** Characters of one name. */
export const MAX_NAME = 200;

/** What makes a text too large to be parsed. A syntax error is left to the parser. */
export function textProblem(text: string): DocumentProblem | undefined {
  if (text.length > MAX_CHARACTERS) return tooCostly(CHARACTERS);
  const source = new Source(text);
  const lexer = new Lexer(source);
  let depth = 0;
  try {
    // The parser stops at the token after the last allowed.
    for (let tokens = 0; tokens <= MAX_TOKENS; tokens++) {
      const token = lexer.advance();
      if (token.kind === TokenKind.EOF) return undefined;
      if (OPENING.has(token.kind)) depth++;
      else if (CLOSING.has(token.kind)) depth--;
      const tooDeep = depth > MAX_NESTING;
      if (tooDeep || (token.kind === TokenKind.NAME && token.value.length > MAX_NAME)) {
        return tooCostly(tooDeep ? NESTING : NAME, [getLocation(source, token.start)]);
      }
    }
  } catch {
    // Not a token: the parser reports it.
  }
  return undefined;
}

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** What makes a parsed document too large to be validated and planned. A cycle of fragments is left to validation. */
export function selectionProblem(document: DocumentNode): DocumentProblem | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const sizes = new Map<string, Size>();
  let selections = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = sizeOf(definition.selectionSet, fragments, sizes);
    if (size.nesting > MAX_NESTING) return tooCostly(NESTING);
    selections += size.selections;
    if (selections > MAX_SELECTIONS) return tooCostly(SELECTIONS);
  }
  return undefined;
}

interface Size {
  readonly selections: number;
  readonly nesting: number;
}

const NOTHING: Size = { selections: 0, nesting: 0 };

/** Each fragment is measured once. The recursion is as deep as the text nests plus the longest chain of fragments. */
function sizeOf(
  { selections: nodes }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  sizes: Map<string, Size>,
): Size {
  let selections = 0;
  let nesting = 0;
  for (const node of nodes) {
    let inner: Size;
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      const name = node.name.value;
      const fragment = fragments.get(name);
      let size = sizes.get(name);
      if (size === undefined) {
        // Counts as nothing while it is measured, which ends a cycle.
        sizes.set(name, NOTHING);
        size = fragment === undefined ? NOTHING : sizeOf(fragment.selectionSet, fragments, sizes);
        sizes.set(name, size);
      }
      inner = size;
    } else inner = node.selectionSet === undefined ? NOTHING : sizeOf(node.selectionSet, fragments, sizes);
    selections += 1 + inner.selections;
    nesting = Math.max(nesting, inner.nesting);
  }
  return { selections, nesting: nesting + 1 };
}

const CHARACTERS = {
  vi: `Tài liệu: tối đa ${MAX_CHARACTERS.toLocaleString('vi')} ký tự; hãy gửi giá trị dài bằng biến.`,
  en: `Document: at most ${MAX_CHARACTERS.toLocaleString('en')} characters; send a long value as a variable.`,
};
const NESTING = {
  vi: `Lồng nhau: tối đa ${MAX_NESTING} cấp, kể cả qua fragment.`,
  en: `Nesting: at most ${MAX_NESTING} levels, fragments included.`,
};
const NAME = {
  vi: `Tên: tối đa ${MAX_NAME} ký tự.`,
  en: `Names: at most ${MAX_NAME} characters each.`,
};
const SELECTIONS = {
  vi: `Số trường được chọn: tối đa ${MAX_SELECTIONS.toLocaleString('vi')} sau khi mở các fragment.`,
  en: `Selections: at most ${MAX_SELECTIONS.toLocaleString('en')} after fragments are expanded.`,
};

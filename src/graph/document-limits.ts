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
import type { LocalizedText } from '../errors.ts';
import { type CostLimits, FIXED_LIMITS } from '../limits.ts';
import { numberText } from './cost/number-text.ts';
import { type DocumentProblem, tooCostly } from './document-problem.ts';

export const MAX_TOKENS = FIXED_LIMITS.tokens.value;
export const MAX_NESTING = FIXED_LIMITS.nesting.value;
export const MAX_NAME = FIXED_LIMITS.nameLength.value;
const MAX_CHARACTERS = FIXED_LIMITS.characters.value;
const MAX_SELECTIONS = FIXED_LIMITS.selections.value;
const MAX_DIRECTIVES = FIXED_LIMITS.directives.value;

/** What makes a text too large to be parsed. A syntax error is left to the parser. */
export function textProblem(text: string): DocumentProblem | undefined {
  if (text.length > MAX_CHARACTERS) return tooCostly(CHARACTERS);
  const source = new Source(text);
  const lexer = new Lexer(source);
  let depth = 0;
  let directives = 0;
  try {
    // The parser stops at the token after the last allowed.
    for (let tokens = 0; tokens <= MAX_TOKENS; tokens++) {
      const token = lexer.advance();
      if (token.kind === TokenKind.EOF) return undefined;
      if (OPENING.has(token.kind)) depth++;
      else if (CLOSING.has(token.kind)) depth--;
      else if (token.kind === TokenKind.AT && ++directives > MAX_DIRECTIVES) {
        return tooCostly(DIRECTIVES, [getLocation(source, token.start)]);
      }
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
export function selectionProblem(
  document: DocumentNode,
  limits: Pick<CostLimits, 'maxDepth' | 'maxAliases' | 'maxRootFields'>,
): DocumentProblem | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const sizes = new Map<string, Size>();
  let selections = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = sizeOf(definition.selectionSet, fragments, sizes);
    selections += size.selections;
    if (selections > MAX_SELECTIONS) return tooCostly(SELECTIONS);
    if (size.depth > limits.maxDepth) return tooCostly(depthText(limits.maxDepth));
    if (size.fields > limits.maxRootFields)
      return tooCostly(rootFieldsText(size.fields, limits.maxRootFields));
    if (size.aliases > limits.maxAliases) return tooCostly(aliasesText(size.aliases, limits.maxAliases));
  }
  return undefined;
}

interface Size {
  readonly selections: number;
  readonly depth: number;
  readonly aliases: number;
  /** Fields of the set itself, through fragments. */
  readonly fields: number;
}

const NOTHING: Size = { selections: 0, depth: 0, aliases: 0, fields: 0 };

/** Each fragment is measured once. The recursion is as deep as the text nests plus the longest chain of fragments. */
function sizeOf(
  { selections: nodes }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  sizes: Map<string, Size>,
): Size {
  let selections = 0;
  let depth = 0;
  let aliases = 0;
  let fields = 0;
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
    depth = Math.max(depth, inner.depth);
    aliases += inner.aliases;
    if (node.kind !== Kind.FIELD) fields += inner.fields;
    else {
      fields += 1;
      if (node.alias !== undefined) aliases += 1;
    }
  }
  return { selections, depth: depth + 1, aliases, fields };
}

const CHARACTERS = {
  vi: `Tài liệu: tối đa ${numberText(MAX_CHARACTERS).vi} ký tự; hãy gửi giá trị dài bằng biến.`,
  en: `Document: at most ${numberText(MAX_CHARACTERS).en} characters; send a long value as a variable.`,
};
const NESTING = {
  vi: `Lồng nhau: tối đa ${MAX_NESTING} cấp ngoặc.`,
  en: `Nesting: at most ${MAX_NESTING} levels of brackets.`,
};
const NAME = {
  vi: `Tên: tối đa ${MAX_NAME} ký tự.`,
  en: `Names: at most ${MAX_NAME} characters each.`,
};
const SELECTIONS = {
  vi: `Số trường được chọn: tối đa ${numberText(MAX_SELECTIONS).vi} sau khi mở các fragment.`,
  en: `Selections: at most ${numberText(MAX_SELECTIONS).en} after fragments are expanded.`,
};
const DIRECTIVES = {
  vi: `Directive: tối đa ${MAX_DIRECTIVES}.`,
  en: `Directives: at most ${MAX_DIRECTIVES}.`,
};
const depthText = (most: number): LocalizedText => ({
  vi: `Lồng nhau: tối đa ${most} cấp, kể cả qua fragment.`,
  en: `Nesting: at most ${most} levels, fragments included.`,
});
const rootFieldsText = (found: number, most: number): LocalizedText => ({
  vi: `Số trường gốc: ${numberText(found).vi}, tối đa ${numberText(most).vi}.`,
  en: `Root fields: ${numberText(found).en}, at most ${numberText(most).en}.`,
});
const aliasesText = (found: number, most: number): LocalizedText => ({
  vi: `Số bí danh (alias): ${numberText(found).vi}, tối đa ${numberText(most).vi}.`,
  en: `Aliases: ${numberText(found).en}, at most ${numberText(most).en}.`,
});

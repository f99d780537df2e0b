// Compiles expressions. Emitting an expression appends statements and returns the name of their value; `undefined` is
// missing.

import type { ArrayLiteral, Chain, ObjectLiteral } from '../ast.ts';
import type { Emitter } from './emitter.ts';
import { emitBuild } from './objects.ts';
import { emitPath } from './paths.ts';
import { defineSelection } from './selections.ts';
import { createWriter, isName, literalText, type Scope, type Value } from './writer.ts';

/** The path of values that do not come from the input. */
const NO_PATH: Value['path'] = [];

/** Creates the emitter of one program. */
export function createEmitter(): Emitter {
  const emitter: Emitter = {
    ...createWriter(),
    expression(node, scope, out) {
      const { js, path, absent } = emitter.lazy(node, scope, out);
      if (absent !== undefined) out.push(`if (${js} === undefined) ${absent};`);
      return { js, path };
    },
    lazy(node, scope, out) {
      switch (node.kind) {
        case 'literal':
          return { js: literalText(node.value), path: NO_PATH };
        case 'array':
          return { js: emitArray(emitter, node, scope, out), path: NO_PATH };
        case 'object':
          return { js: emitObject(emitter, node, scope, out), path: NO_PATH };
        case 'chain':
          return { js: emitChain(emitter, node, scope, out), path: NO_PATH };
        case 'path':
          return emitPath(emitter, node, scope, out);
      }
    },
    selection: (node, from, outer) => defineSelection(emitter, node, from, outer),
  };
  return emitter;
}

function emitArray(emitter: Emitter, node: ArrayLiteral, scope: Scope, out: string[]): string {
  const items = node.items.map((item) => {
    const { js } = emitter.expression(item, scope, out);
    return isName(js) ? `${js} === undefined ? null : ${js}` : js;
  });
  const name = emitter.name('t');
  out.push(`const ${name} = [${items.join(', ')}];`);
  return name;
}

const emitObject = (emitter: Emitter, node: ObjectLiteral, scope: Scope, out: string[]): string =>
  emitBuild(
    emitter,
    node.properties.map((property) => ({
      key: property.kind === 'property' ? property.key : null,
      spread: property.kind === 'spread',
      range: [property.start, property.end] as const,
      emit: () => emitter.lazy(property.value, scope, out),
    })),
    out,
  );

function emitChain(emitter: Emitter, node: Chain, scope: Scope, out: string[]): string {
  const result = emitter.name('t');
  const before = emitter.name('n');
  out.push(`let ${result};`, `const ${before} = P === null ? 0 : P.length;`);
  node.operands.forEach((operand, i) => {
    const block: string[] = [];
    const mark = emitter.name('n');
    if (i > 0) block.push(`const ${mark} = P === null ? 0 : P.length;`);
    const { js } = emitter.expression(operand, scope, block);
    block.push(`${result} = ${js};`);
    // When a fallback has a value, the problems of the operands before it are dropped.
    if (i > 0) {
      block.push(
        `if (${result} !== undefined && ${mark} > ${before}) P.splice(${before}, ${mark} - ${before});`,
      );
    }
    const empty =
      node.operator === '??' ? `${result} === undefined || ${result} === null` : `${result} === undefined`;
    out.push(i === 0 ? '{' : `if (${empty}) {`, ...block, '}');
  });
  return result;
}

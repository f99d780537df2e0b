// Compiles expressions. Emitting an expression appends statements and returns the name of their value; `undefined` is
// missing.

import type { ArrayLiteral, Chain, ObjectLiteral } from '../ast.ts';
import { dropProblems } from '../problem.ts';
import type { Emitter } from './emitter.ts';
import { emitBuild } from './objects.ts';
import { emitPath } from './paths.ts';
import { defineSelection } from './selections.ts';
import { createWriter, isName, literalText, type Scope, type Value } from './writer.ts';

/** The path of values that do not come from the input. */
const NO_PATH: Value['path'] = [];

/** Creates the emitter of one program. */
export function createEmitter(objectsOnly: boolean): Emitter {
  const emitter: Emitter = {
    ...createWriter(),
    objectsOnly,
    expression(node, scope, out) {
      const { js, path, absent } = emitter.lazy(node, scope, out);
      if (absent !== undefined) out.push(`if (${js} === undefined) ${absent};`);
      return { js, path };
    },
    lazy(node, scope, out) {
      switch (node.kind) {
        case 'literal':
          emitter.addWeight(1);
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
  emitter.addWeight(1);
  const name = emitter.name('t');
  out.push(`const ${name} = [${items.join(', ')}];`);
  return name;
}

const emitObject = (emitter: Emitter, node: ObjectLiteral, scope: Scope, out: string[]): string =>
  emitBuild(
    emitter,
    node.properties.map((property) => ({
      key: property.kind === 'property' ? property.key : null,
      spread: property.kind === 'spread' && property.explicit,
      range: [property.start, property.end] as const,
      emit: () => emitter.lazy(property.value, scope, out),
    })),
    out,
  );

/** Steps of trying an operand: its value is tested, and problems may be dropped. */
const OPERAND_WEIGHT = 12;

/** The text of a mark of the problems reported so far (see `dropProblems`). */
function createMark(emitter: Emitter): { declaration: string; counted: string; arguments: string } {
  const counted = emitter.name('n');
  const described = emitter.name('n');
  return {
    declaration: `const ${counted} = P.problemCount, ${described} = P.problems.length;`,
    counted,
    arguments: `${counted}, ${described}`,
  };
}

function emitChain(emitter: Emitter, node: Chain, scope: Scope, out: string[]): string {
  const result = emitter.name('t');
  const before = createMark(emitter);
  out.push(`let ${result};`, before.declaration);
  emitter.addWeight(node.operands.length * OPERAND_WEIGHT);
  node.operands.forEach((operand, i) => {
    const block: string[] = [];
    const mark = createMark(emitter);
    if (i > 0) block.push(mark.declaration);
    const { js } = emitter.expression(operand, scope, block);
    block.push(`${result} = ${js};`);
    // When a fallback has a value, the problems of the operands before it are dropped.
    if (i > 0) {
      const isNeeded = `${result} !== undefined && ${mark.counted} > ${before.counted}`;
      block.push(
        `if (${isNeeded}) ${emitter.constant(dropProblems)}(P, ${before.arguments}, ${mark.arguments});`,
      );
    }
    const empty =
      node.operator === '??' ? `${result} === undefined || ${result} === null` : `${result} === undefined`;
    out.push(i === 0 ? '{' : `if (${empty}) {`, ...block, '}');
  });
  return result;
}

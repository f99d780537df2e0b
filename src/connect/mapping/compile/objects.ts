// Compiles the construction of objects, from the entries of a selection or the properties of an object literal.

import { hasNothing, mergeAll, mergeKey, putKey } from '../runtime.ts';
import type { Emitter } from './emitter.ts';
import { isName, keyText, type Value, type Writer } from './writer.ts';

export interface Part {
  /** The key to write; null to add all keys of the value. */
  readonly key: string | null;
  /** True for `...`: spreading a null makes the whole object null, which expresses an unknown type. */
  readonly spread: boolean;
  readonly range: readonly [number, number];
  readonly emit: () => Value;
}

/**
 * Emits an object: an object literal when no value is missing, so that all such objects share a hidden class.
 * @param of name of the value that the selection reads: when it is a scalar and no key was found, the scalar is kept, or
 *   the object is missing (see `CompileOptions`)
 */
export function emitBuild(writer: Emitter, parts: readonly Part[], out: string[], of?: string): string {
  writer.addWeight(1);
  const keys = parts.map((part) => part.key);
  if (keys.includes(null) || new Set(keys).size < keys.length) return emitMerge(writer, parts, out, of);
  const object = writer.name('t');
  const values = parts.map((part) => ({ key: part.key as string, ...part.emit() }));
  const literal = `{ ${values.map(({ key, js }) => `${keyText(key)}: ${js}`).join(', ')} }`;
  const optional = values.filter(({ js }) => isName(js));
  if (optional.length === 0) {
    const isKept = of !== undefined && parts.length === 0 && !writer.objectsOnly;
    out.push(isKept ? `let ${object} = {};` : `const ${object} = ${literal};`);
    if (isKept) out.push(missingText(writer, object, of));
    return object;
  }
  out.push(
    `let ${object};`,
    `if (${optional.map(({ js }) => `${js} !== undefined`).join(' && ')}) ${object} = ${literal};`,
    `else { ${object} = {};`,
    ...values.map(({ key, js, absent }) => {
      const put = putText(writer, object, key, js);
      if (!isName(js)) return put;
      return `if (${js} !== undefined) ${put}${absent === undefined ? '' : ` else ${absent};`}`;
    }),
    ...(of === undefined ? [] : [missingText(writer, object, of)]),
    '}',
  );
  return object;
}

function missingText(writer: Emitter, object: string, of: string): string {
  const isEmpty = `${writer.constant(hasNothing)}(${object}, ${of})`;
  // Null is the result of spreading null.
  return writer.objectsOnly
    ? `if (${isEmpty}) ${object} = undefined;`
    : `if (${object} !== null && ${isEmpty}) ${object} = ${of};`;
}

function emitMerge(writer: Emitter, parts: readonly Part[], out: string[], of?: string): string {
  const object = writer.name('t');
  const spreads: string[] = [];
  out.push(`let ${object} = {};`);
  for (const part of parts) {
    const { js, path, absent } = part.emit();
    if (absent !== undefined) out.push(`if (${js} === undefined) ${absent};`);
    if (part.spread) spreads.push(`${js} === null`);
    if (part.key !== null) {
      const put = `${writer.constant(mergeKey)}(P, ${object}, ${JSON.stringify(part.key)}, ${js});`;
      out.push(isName(js) ? `if (${js} !== undefined) ${put}` : put);
    } else {
      const site = writer.site(path, part.range, '...');
      out.push(`${writer.constant(mergeAll)}(P, ${site}, ${object}, ${js});`);
    }
  }
  if (spreads.length > 0) out.push(`if (${spreads.join(' || ')}) ${object} = null;`);
  if (of !== undefined) out.push(missingText(writer, object, of));
  return object;
}

const putText = (writer: Writer, object: string, key: string, js: string): string =>
  key === '__proto__'
    ? `${writer.constant(putKey)}(${object}, "__proto__", ${js});`
    : `${object}[${JSON.stringify(key)}] = ${js};`;

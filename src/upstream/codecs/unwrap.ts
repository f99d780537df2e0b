// Replaces a text inside an answer that contains XML or JSON by its value, as facades over older systems send it (see the README of
// the population connector). Outcome table and mappings then read the value. Depth is bounded over the whole, size by the answer
// itself; errors quote nothing of the text.
import { isExactNumber, parseJsonExact } from '../../exact-number.ts';
import type { Unwrap } from '../contract.ts';
import type { Decoded } from './contract.ts';
import { isNestedDeeper } from './nesting.ts';
import { decodeXml } from './xml-decode.ts';
import { XmlError } from './xml-text.ts';

/** Thrown for a text that is not of the declared format. Contains no upstream text. */
class UnreadableText extends Error {
  override readonly name = 'UnreadableText';
}

/** @param left how many more objects, lists or elements may be nested at the text's position */
type ReadText = (text: string, left: number) => unknown;

interface Step {
  readonly path: readonly string[];
  readonly read: ReadText;
  /** First part of the log message. */
  readonly expected: string;
  readonly optional: boolean;
}

/** Steps run in order: a later one may read inside the value that an earlier one produced (XML in JSON in SOAP). */
export function compileUnwrap(declared: readonly Unwrap[], maxDepth: number): (decoded: Decoded) => Decoded {
  const steps = declared.map(compileStep);
  return (decoded) => {
    if (decoded.invalid !== undefined || decoded.soapFault !== undefined) return decoded;
    let { body } = decoded;
    let unreadable: string | undefined;
    for (const { path, read, expected, optional } of steps) {
      try {
        body = replaceAt(body, path, 0, maxDepth, read);
      } catch (error) {
        if (!(error instanceof UnreadableText || error instanceof XmlError)) throw error;
        // The text stays: the outcome table may not need its value.
        if (!optional) unreadable ??= `${expected}, found a text that is not: ${error.message}`;
      }
    }
    return unreadable === undefined ? { ...decoded, body } : { ...decoded, body, unreadable };
  };
}

const compileStep = (step: Unwrap): Step => ({
  path: step.at === '' || step.at === '$' ? [] : step.at.split('.'),
  read: step.as === 'json' ? readJson : xmlReader(step),
  expected: `expected ${step.as === 'json' ? 'JSON' : 'XML'} in the text at "${step.at}"`,
  optional: step.optional,
});

/**
 * Replaces the text at the path, in place; values that are absent, empty or not text stay. A list on the path, or at its end,
 * stands for each of its items, since an XML element becomes a list only when it repeats.
 */
function replaceAt(
  value: unknown,
  path: readonly string[],
  at: number,
  left: number,
  read: ReadText,
): unknown {
  const step = path[at];
  if (Array.isArray(value)) {
    const [first, end, next] =
      step !== undefined && /^\d+$/.test(step)
        ? [Number(step), Math.min(Number(step) + 1, value.length), at + 1]
        : [0, value.length, at];
    for (let i = first; i < end; i++) value[i] = replaceAt(value[i], path, next, left - 1, read);
  } else if (step === undefined) {
    return typeof value === 'string' && value.trim() !== '' ? read(value.trim(), Math.max(0, left)) : value;
  } else if (typeof value === 'object' && value !== null && Object.hasOwn(value, step)) {
    const parent = value as Record<string, unknown>;
    // An own property: even `__proto__` is only overwritten.
    parent[step] = replaceAt(parent[step], path, at + 1, left - 1, read);
  }
  return value;
}

const readJson: ReadText = (text, left) => {
  let value: unknown;
  try {
    value = parseJsonExact(text);
  } catch {
    throw new UnreadableText(`${text.length} characters`);
  }
  if (isNestedDeeper(value, left)) throw new UnreadableText('nested too deep');
  // A bare number in a text may be a code with leading zeros: numbers and booleans stay the text that was sent.
  return typeof value === 'number' || typeof value === 'boolean' || isExactNumber(value) ? text : value;
};

function xmlReader({ lists, responseRoots }: Unwrap): ReadText {
  const names = new Set(lists);
  const roots = responseRoots === undefined ? undefined : new Set(responseRoots);
  return (text, left) => {
    const { name, value } = decodeXml(text, { lists: names, maxDepth: left });
    // A maintenance page may be well-formed XML.
    if (roots === undefined ? name.toLowerCase() === 'html' : !roots.has(name)) {
      throw new UnreadableText('another root element');
    }
    return { [name]: value };
  };
}

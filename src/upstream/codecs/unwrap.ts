// Between "decode" and "judge": a text inside an answer that holds XML or JSON becomes what it holds, as facades over older
// systems send it (B0, B1). `codec.ts` wraps a source's codec in it, so that outcome table and mappings read the value within.
// Guarantees: depth is bounded over the whole, size by the answer itself (no text grows by this); no word of the text is told.
import type { Unwrap } from '../contract.ts';
import type { Decoded } from './contract.ts';
import { isNestedDeeper } from './nesting.ts';
import { decodeXml } from './xml-decode.ts';
import { XmlError } from './xml-text.ts';

/** Thrown for a text that is not what the manifest says. Holds no upstream text. */
class UnreadableText extends Error {
  override readonly name = 'UnreadableText';
}

/** @param left how many objects, lists or elements may still be nested where the text stands */
type ReadText = (text: string, left: number) => unknown;

interface Step {
  readonly path: readonly string[];
  readonly read: ReadText;
  /** What a log says before the mistake. */
  readonly expected: string;
  readonly optional: boolean;
}

/** Steps run in their order: a later one may lead into what an earlier one brought to light (XML in JSON in SOAP). */
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
        // Left as the text it is: the outcome table may know without it what happened.
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
  optional: step.optional ?? false,
});

/**
 * Replaces the text at the path, in place; what is absent, empty or no text stays. A list on the way, or at its end, stands for
 * each of its items, since an element that repeats is a list and one that does not is none.
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
    // An own property, so that even one called `__proto__` is only written over.
    parent[step] = replaceAt(parent[step], path, at + 1, left - 1, read);
  }
  return value;
}

const readJson: ReadText = (text, left) => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnreadableText(`${text.length} characters`);
  }
  if (isNestedDeeper(value, left)) throw new UnreadableText('nested too deep');
  // `"0100109106"` in a text may be a code: a bare number or truth value stays the text that was sent.
  return typeof value === 'number' || typeof value === 'boolean' ? text : value;
};

function xmlReader({ lists, responseRoots }: Unwrap): ReadText {
  const names = new Set(lists);
  const roots = responseRoots === undefined ? undefined : new Set(responseRoots);
  return (text, left) => {
    const { name, value } = decodeXml(text, { lists: names, maxDepth: left });
    // A maintenance page may be well-formed, and is no answer.
    if (roots === undefined ? name.toLowerCase() === 'html' : !roots.has(name)) {
      throw new UnreadableText('another root element');
    }
    return { [name]: value };
  };
}

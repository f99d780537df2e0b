// What the arguments of an operation may be, beyond their types. Compiled once per operation; checked before anything is sent.
// The public error names the argument with its path, what was expected and what was found. Texts are described by their length
// only: they may be personal data.

import { GatewayError, type LocalizedText } from '../../errors.ts';
import { compareNumbers, isExactNumber } from '../../exact-number.ts';
import { compileLinearPattern, type LinearPattern } from '../../linear-pattern.ts';

export interface ArgumentBounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** In characters, as JavaScript's code points. */
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  /** Of the whole text; see `linear-pattern.ts`. */
  readonly pattern?: string | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
}

/** @throws GatewayError BAD_USER_INPUT for the first value that is beyond its bounds */
export type CheckArguments = (args: Readonly<Record<string, unknown>>) => void;

export interface BoundsOf {
  readonly connector: string;
  readonly operation: string;
}

/** @param declared by name, or by dotted path into an input object. Null and absent values have no bounds. */
export function compileArgumentBounds(
  declared: Readonly<Record<string, ArgumentBounds>>,
  of: BoundsOf,
): CheckArguments {
  const rules = Object.entries(declared).map(([path, bounds]) => ({
    steps: path.split('.'),
    check: compileBounds(bounds),
  }));
  return (args) => {
    for (const { steps, check } of rules) {
      const problem = findAt(args, steps, 0, '', check);
      if (problem !== undefined) throw refusal(problem, of);
    }
  };
}

interface Problem {
  readonly path: string;
  readonly expected: LocalizedText;
  readonly found: LocalizedText;
}

type Misfit = Omit<Problem, 'path'>;
interface Check {
  readonly list: (items: readonly unknown[]) => Misfit | undefined;
  readonly item: (value: unknown) => Misfit | undefined;
}

/** A list on the path, or at its end, stands for each of its items. */
function findAt(
  value: unknown,
  steps: readonly string[],
  at: number,
  path: string,
  check: Check,
): Problem | undefined {
  if (value === undefined || value === null) return undefined;
  const step = steps[at];
  if (Array.isArray(value)) {
    // Bounds of the list come first, so that an endless list is not walked.
    const misfit = step === undefined ? check.list(value) : undefined;
    if (misfit !== undefined) return { path, ...misfit };
    for (let i = 0; i < value.length; i++) {
      const problem = findAt(value[i], steps, at, `${path}[${i}]`, check);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (step === undefined) {
    const misfit = check.item(value);
    return misfit && { path, ...misfit };
  }
  if (typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
  const inner = (value as Record<string, unknown>)[step];
  return findAt(inner, steps, at + 1, path === '' ? step : `${path}.${step}`, check);
}

function compileBounds(bounds: ArgumentBounds): Check {
  const number = compileRange(bounds.min, bounds.max, '', '');
  const { minLength, maxLength, pattern } = bounds;
  const length = compileRange(minLength, maxLength, ' ký tự', ' characters');
  const items = compileRange(bounds.minItems, bounds.maxItems, ' phần tử', ' items');
  const form = pattern === undefined ? undefined : compilePattern(pattern);
  return {
    list: (values) => items(values.length),
    item: (value) => {
      if (typeof value === 'number' || isExactNumber(value)) return number(value);
      if (typeof value !== 'string') return undefined;
      return length(lengthOf(value)) ?? form?.(value);
    },
  };
}

/** Characters, not UTF-16 units. */
function lengthOf(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.codePointAt(i) as number) > 0xffff) {
      length--;
      i++;
    }
  }
  return length;
}

function compileRange(
  min: number | undefined,
  max: number | undefined,
  vi: string,
  en: string,
): (value: Parameters<typeof compareNumbers>[0]) => Misfit | undefined {
  if (min === undefined && max === undefined) return () => undefined;
  const expected = {
    vi:
      max === undefined
        ? `ít nhất ${min}${vi}`
        : min === undefined
          ? `nhiều nhất ${max}${vi}`
          : `từ ${min} đến ${max}${vi}`,
    en:
      max === undefined
        ? `at least ${min}${en}`
        : min === undefined
          ? `at most ${max}${en}`
          : `${min} to ${max}${en}`,
  };
  return (value) => {
    const fits =
      (min === undefined || compareNumbers(value, min) >= 0) &&
      (max === undefined || compareNumbers(value, max) <= 0);
    return fits ? undefined : { expected, found: { vi: `${value}${vi}`, en: `${value}${en}` } };
  };
}

function compilePattern(source: string): (text: string) => Misfit | undefined {
  const pattern: LinearPattern = compileLinearPattern(source);
  const expected = { vi: `văn bản theo mẫu ${source}`, en: `a text that matches ${source}` };
  return (text) => {
    if (pattern.matches(text)) return undefined;
    const length = lengthOf(text);
    return {
      expected,
      found: { vi: `${length} ký tự không theo mẫu này`, en: `${length} characters that do not match` },
    };
  };
}

/** Numbers of arguments may be personal as well, so the log contains the path only. */
const refusal = ({ path, expected, found }: Problem, { connector, operation }: BoundsOf): GatewayError =>
  new GatewayError('BAD_USER_INPUT', {
    connector,
    operation,
    detail: `argument "${path}": expected ${expected.en}, found a value beyond it`,
    reason: {
      vi: `Đối số "${path}": cần ${expected.vi}; nhận được ${found.vi}.`,
      en: `Argument "${path}": expected ${expected.en}; found ${found.en}.`,
    },
  });

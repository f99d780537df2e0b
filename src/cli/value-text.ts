// A JSON value as the reports print it: short on one line, or laid out over several.

const WIDTH = 100;

/** One line; cut after `width` characters. `undefined` is `(nothing)`. */
export function shortValue(value: unknown, width = WIDTH): string {
  if (value === undefined) return '(nothing)';
  const text = JSON.stringify(value);
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** One line where it fits, else JSON laid out, with `indent` before every line but the first. */
export function longValue(value: unknown, indent: string, width = WIDTH): string {
  if (value === undefined) return '(nothing)';
  const line = JSON.stringify(value);
  return line.length <= width ? line : JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
}

/** `result.events[0].at` */
export const pathText = (path: readonly (string | number)[]): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[\w@$-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');

// Formats a JSON value for reports, on one line or over several lines.

const WIDTH = 100;

/** One line, shortened to `width` characters. `undefined` is `(nothing)`. */
export function shortValue(value: unknown, width = WIDTH): string {
  if (value === undefined) return '(nothing)';
  const text = JSON.stringify(value);
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** One line if it fits, otherwise indented JSON with `indent` before every line except the first. */
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

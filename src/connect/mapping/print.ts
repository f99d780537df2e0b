// Prints a mapping as canonical text: two spaces per level, double quotes, no comments.
// Parsing the text with the same version and options yields the same tree.

import type { Entry, Expression, Head, Mapping, ObjectLiteral, Path, Selection, Step } from './ast.ts';

export function print(mapping: Mapping): string {
  const { body } = mapping;
  if (body.kind === 'selection') return body.entries.map((entry) => printEntry(entry, '')).join('\n');
  return printExpression(body, '');
}

const IDENTIFIER = /^[A-Za-z_][0-9A-Za-z_]*$/;
const INDENT = '  ';

const printKey = (key: string): string => (IDENTIFIER.test(key) ? key : JSON.stringify(key));

function printSelection(selection: Selection, indent: string): string {
  if (selection.entries.length === 0) return '{}';
  const inner = indent + INDENT;
  const lines = selection.entries.map((entry) => `${inner}${printEntry(entry, inner)}\n`);
  return `{\n${lines.join('')}${indent}}`;
}

function printEntry(entry: Entry, indent: string): string {
  if (entry.kind === 'merged') {
    return `${entry.spread ? '... ' : ''}${printExpression(entry.value, indent)}`;
  }
  const value =
    entry.value.kind === 'selection'
      ? printSelection(entry.value, indent)
      : printExpression(entry.value, indent);
  return entry.aliased ? `${printKey(entry.key)}: ${value}` : value;
}

function printExpression(node: Expression, indent: string): string {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'number' ? printNumber(node.value) : JSON.stringify(node.value);
    case 'array':
      return `[${node.items.map((item) => printExpression(item, indent)).join(', ')}]`;
    case 'object':
      return printObject(node, indent);
    case 'chain':
      return node.operands.map((operand) => printExpression(operand, indent)).join(` ${node.operator} `);
    case 'path':
      return printPath(node, indent);
  }
}

function printObject(node: ObjectLiteral, indent: string): string {
  if (node.properties.length === 0) return '{}';
  const parts = node.properties.map((property) =>
    property.kind === 'spread'
      ? `${property.explicit ? '... ' : ''}${printExpression(property.value, indent)}`
      : `${printKey(property.key)}: ${printExpression(property.value, indent)}`,
  );
  return `{ ${parts.join(', ')} }`;
}

function printPath(node: Path, indent: string): string {
  const steps = node.steps.map((step) => printStep(step, indent));
  const tail = node.selection === null ? '' : ` ${printSelection(node.selection, indent)}`;
  return printHead(node.head, indent) + steps.join('') + tail;
}

function printHead(head: Head, indent: string): string {
  switch (head.kind) {
    case 'at':
      return '@';
    case 'variable':
      return head.name;
    case 'key':
      return printKey(head.name);
    case 'group':
      return `$(${printExpression(head.expression, indent)})`;
    case 'value':
      return printExpression(head.value, indent);
  }
}

function printStep(step: Step, indent: string): string {
  if (step.kind === 'optional') return '?';
  if (step.kind === 'key') return `.${printKey(step.name)}`;
  const args = step.args.map((arg) => printExpression(arg, indent)).join(', ');
  return args === '' ? `->${step.name}` : `->${step.name}(${args})`;
}

/** The number in decimal digits: the language has no exponents. */
function printNumber(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  const [mantissa, exponent] = text.split('e');
  if (exponent === undefined) return text;
  const [whole, fraction = ''] = (mantissa as string).replace('-', '').split('.');
  const digits = (whole as string) + fraction;
  const point = (whole as string).length + Number(exponent);
  const sign = value < 0 ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}

// Checks the methods and variables of a parsed mapping: unknown, not in the version, extension not linked, wrong
// arguments. A call that only lacks a result is a warning.

import {
  type Entry,
  type Expression,
  isVariableName,
  type Mapping,
  type MappingVersion,
  type MethodStep,
  type Path,
  type Selection,
  VARIABLES,
} from './ast.ts';
import { callFault, type Method } from './methods/method.ts';
import { METHODS } from './methods/table.ts';
import { nearestName, type SyntaxFault } from './syntax-error.ts';

interface CheckOptions {
  readonly version: MappingVersion;
  readonly extensions: boolean;
}

type Scope = ReadonlySet<string>;

/** Only the first fault of a text is reported; finding the nearest names of many would take long. */
const MAX_FAULTS = 10;

/** The first faults, in the order of the text. */
export function checkMethods(mapping: Mapping, options: CheckOptions): readonly SyntaxFault[] {
  const faults: SyntaxFault[] = [];
  let warnings = 0;
  let errors = 0;
  const add = (fault: SyntaxFault): void => {
    if (fault.isWarning ? ++warnings > MAX_FAULTS : ++errors > MAX_FAULTS) return;
    faults.push(fault);
  };

  const selection = (node: Selection, scope: Scope): void => {
    for (const entry of node.entries) value(entry.value, scope);
  };

  const value = (node: Entry['value'], scope: Scope): void => {
    if (node.kind === 'selection') selection(node, scope);
    else expression(node, scope);
  };

  const expression = (node: Expression, scope: Scope): void => {
    if (node.kind === 'path') path(node, scope);
    else if (node.kind === 'array') for (const item of node.items) expression(item, scope);
    else if (node.kind === 'chain') for (const operand of node.operands) expression(operand, scope);
    else if (node.kind === 'object')
      for (const property of node.properties) expression(property.value, scope);
  };

  const path = (node: Path, outer: Scope): void => {
    const { head } = node;
    if (head.kind === 'variable') variable(head.name, head.start, outer);
    else if (head.kind === 'group') expression(head.expression, outer);
    else if (head.kind === 'value') expression(head.value, outer);
    let scope = outer;
    for (const step of node.steps) {
      if (step.kind !== 'method' || errors >= MAX_FAULTS) continue;
      const method = METHODS.get(step.name);
      const isListed = method !== undefined || warnings < MAX_FAULTS;
      const fault = isListed ? faultOf(step, method, options) : undefined;
      if (fault !== undefined) add(fault);
      const binds = step.name === 'as' && method !== undefined;
      const [first, ...rest] = step.args;
      for (const arg of binds ? rest : step.args) expression(arg, scope);
      if (binds && first?.kind === 'path' && first.head.kind === 'variable') {
        scope = new Set([...scope, first.head.name]);
      }
    }
    if (node.selection !== null) selection(node.selection, scope);
  };

  const variable = (name: string, position: number, scope: Scope): void => {
    if (name === '$' || isVariableName(name) || scope.has(name) || errors >= MAX_FAULTS) return;
    const near = nearestName(name, [...VARIABLES, ...scope]);
    add({
      position,
      expected: 'a known variable',
      found: name,
      hint:
        near === undefined ? `Known are $, ${[...VARIABLES, ...scope].join(', ')}` : `Did you mean ${near}?`,
    });
  };

  const { body } = mapping;
  if (body.kind === 'selection') selection(body, new Set());
  else expression(body, new Set());
  return faults;
}

function faultOf(
  step: MethodStep,
  method: Method | undefined,
  { version, extensions }: CheckOptions,
): SyntaxFault | undefined {
  const position = step.start;
  const found = `->${step.name}`;
  if (method === undefined) {
    const usable = [...METHODS.values()].filter((m) => (m.portable || extensions) && m.since <= version);
    const near = nearestName(
      step.name,
      usable.map((m) => m.name),
    );
    const hint =
      near === undefined ? 'The table of methods is in docs/connect-spec.md' : `Did you mean ->${near}?`;
    return { position, expected: 'a known method', found, hint, isWarning: true };
  }
  if (!method.portable && !extensions) {
    const hint = 'It needs @link(url: "https://specs.lienthong.example/mapping/v0.1")';
    return { position, expected: 'a method of the connect spec', found, hint };
  }
  if (method.since > version) {
    const expected = `a method of connect v${version}`;
    return { position, expected, found, hint: `It needs connect v${method.since} or later` };
  }
  const fault = callFault(step, method);
  if (fault === undefined) return undefined;
  // The extension methods are defined here: a wrong call of them is an error.
  return { ...fault, isWarning: method.portable };
}

// The variables that decide `@skip` and `@include`. Their values are settled before a run: documents run by a plan in which
// no condition is left, one plan for each combination of values that has occurred.

import { type DirectiveNode, Kind, type SelectionSetNode } from 'graphql';
import type { Values } from './model.ts';
import type { SelectedOperation } from './operation.ts';

/** Names of the variables in conditions of the operation and of every fragment that it reaches. */
export function conditionVariables({ definition, fragments }: SelectedOperation): readonly string[] {
  const names = new Set<string>();
  const reached = new Set<string>();
  const open: SelectionSetNode[] = [definition.selectionSet];
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    for (const selection of set.selections) {
      for (const directive of selection.directives ?? []) addVariables(directive, names);
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        if (selection.selectionSet !== undefined) open.push(selection.selectionSet);
        continue;
      }
      const { value } = selection.name;
      const fragment = fragments[value];
      if (fragment === undefined || reached.has(value)) continue;
      reached.add(value);
      open.push(fragment.selectionSet);
    }
  }
  return [...names];
}

function addVariables({ name, arguments: args }: DirectiveNode, names: Set<string>): void {
  if (name.value !== 'skip' && name.value !== 'include') return;
  for (const { value } of args ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
}

/** Equal for two runs in which every condition has the same result, or the same error. */
export function conditionKey(names: readonly string[], variables: Values): string {
  let key = '';
  for (const name of names) {
    const value = variables[name];
    // A variable may be called `constructor`: only own values count.
    key += !Object.hasOwn(variables, name)
      ? '-'
      : value === true
        ? 't'
        : value === false
          ? 'f'
          : value == null
            ? 'n'
            : 'o';
  }
  return key;
}

/** The values of these variables alone: a plan must not keep what else a request sent. */
export function conditionValues(names: readonly string[], variables: Values): Values {
  const values: Values = {};
  for (const name of names) if (Object.hasOwn(variables, name)) values[name] = variables[name];
  return values;
}

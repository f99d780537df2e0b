// Forms: methods whose arguments are evaluated on demand or once per element. The compiler emits their code.

import type { Expression } from '../ast.ts';
import { type ArgumentFault, form, type Method } from './method.ts';

const MANY = Number.POSITIVE_INFINITY;

function bindsVariable([first]: readonly Expression[]): ArgumentFault | undefined {
  if (first === undefined) return undefined;
  const bare = first.kind === 'path' && first.steps.length === 0 && first.selection === null;
  const head = bare ? first.head : undefined;
  if (head?.kind === 'variable' && head.name !== '$') return undefined;
  return { at: first, expected: 'a variable to bind, such as $name' };
}

function arePairs(args: readonly Expression[]): ArgumentFault | undefined {
  const odd = args.find((arg) => arg.kind !== 'array' || arg.items.length !== 2);
  if (odd === undefined) return undefined;
  return {
    at: odd,
    expected: 'a pair [case, value]',
    hint: 'Write the last pair as [@, value] to match any value',
  };
}

export const FORMS: readonly Method[] = [
  form({
    name: 'echo',
    args: [1, 1],
    result: 'argument',
    description: 'The value of the argument, in which `@` is the value on which the method is called.',
  }),
  form({
    name: 'as',
    since: '0.3',
    args: [1, 2],
    result: 'same',
    check: bindsVariable,
    description:
      'The value itself; binds it (or the second argument) to a variable for the rest of the path.',
  }),
  form({
    name: 'match',
    args: [1, MANY],
    result: 'unknown',
    check: arePairs,
    description: 'The value of the first pair whose case equals the input; the case `@` matches any input.',
  }),
  form({
    name: 'map',
    args: [1, 1],
    result: 'list',
    description:
      'The list of the argument’s values, `@` being each element; a single value counts as a list of one.',
  }),
  form({
    name: 'filter',
    args: [1, 1],
    result: 'same',
    description: 'The elements for which the argument is true; a single value counts as a list of one.',
  }),
  form({
    name: 'find',
    args: [1, 1],
    result: 'item',
    description: 'The first element for which the argument is true; missing if there is no such element.',
  }),
  form({
    name: 'and',
    args: [1, MANY],
    result: 'boolean',
    description:
      'True if the value and all arguments are true; evaluation stops at the first false. An argument that is not a boolean is reported and ignored.',
  }),
  form({
    name: 'or',
    args: [1, MANY],
    result: 'boolean',
    description:
      'True if the value or an argument is true; evaluation stops at the first true. An argument that is not a boolean is reported and ignored.',
  }),
  form({
    name: 'in',
    args: [1, 1],
    result: 'boolean',
    description: 'True if the value equals an element of the list.',
  }),
];

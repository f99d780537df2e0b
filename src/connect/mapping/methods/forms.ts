// Methods whose arguments are evaluated by need, or once per element: the compiler writes them out (compile/forms.ts).

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
    hint: 'Write the last pair as [@, value] to match anything',
  };
}

export const FORMS: readonly Method[] = [
  form({
    name: 'echo',
    args: [1, 1],
    result: 'argument',
    description: 'The value of the argument; `@` in it is the value the method was called on.',
  }),
  form({
    name: 'as',
    since: '0.3',
    args: [1, 2],
    result: 'same',
    check: bindsVariable,
    description: 'Binds the value (or the second argument) to a variable for the rest of the path.',
  }),
  form({
    name: 'match',
    args: [1, MANY],
    result: 'unknown',
    check: arePairs,
    description: 'The value of the first pair whose case equals the input; `@` as a case matches anything.',
  }),
  form({
    name: 'map',
    args: [1, 1],
    result: 'list',
    description: 'The argument for each element, `@` being the element; one value counts as a list of one.',
  }),
  form({
    name: 'filter',
    args: [1, 1],
    result: 'same',
    description: 'The elements for which the argument is true; one value counts as a list of one.',
  }),
  form({
    name: 'find',
    args: [1, 1],
    result: 'item',
    description: 'The first element for which the argument is true; missing when there is none.',
  }),
  form({
    name: 'and',
    args: [1, MANY],
    result: 'boolean',
    description: 'True when the value and all arguments are true; stops at the first false.',
  }),
  form({
    name: 'or',
    args: [1, MANY],
    result: 'boolean',
    description: 'True when the value or an argument is true; stops at the first true.',
  }),
  form({
    name: 'in',
    args: [1, MANY],
    result: 'boolean',
    description: 'True when the value equals an element of the list (or one of several arguments).',
  }),
];

// All methods of the mapping language, by name.

import { EXTENSION } from './extension.ts';
import { FORMS } from './forms.ts';
import type { Method } from './method.ts';
import { NUMBERS } from './numbers.ts';
import { TEXTS } from './texts.ts';
import { VALUES } from './values.ts';

export const METHODS: ReadonlyMap<string, Method> = new Map(
  [...FORMS, ...VALUES, ...NUMBERS, ...TEXTS, ...EXTENSION].map((method) => [method.name, method]),
);

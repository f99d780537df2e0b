// docs/limits.md shows every limit with its number, its unit and its reason.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FIXED_LIMITS, SETTABLE_LIMITS } from '../src/limits.ts';

const page = readFileSync(new URL('../docs/limits.md', import.meta.url), 'utf8');

it.each(Object.entries({ ...SETTABLE_LIMITS, ...FIXED_LIMITS }))(
  '%s · in the documentation · then with its value and its reason',
  (_name, { value, unit, reason }) => {
    expect(page).toContain(`| ${value.toLocaleString('en')} ${unit} | ${reason} |`);
  },
);

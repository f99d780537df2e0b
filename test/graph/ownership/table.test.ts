// The reviewed table has every directive of federation, and docs/ownership.md shows it as it is.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { FEDERATION_DIRECTIVES } from '../../../src/graph/ownership/federation-directives.ts';

/** The text of the specification in the composition library; the module is not part of its interface. */
const specification = readFileSync(
  createRequire(import.meta.url)
    .resolve('@theguild/federation-composition')
    .replace(/\/(cjs|esm)\/index\.js$/, '/esm/specifications/federation.js'),
  'utf8',
);

describe('the table of directives', () => {
  const versions = [...specification.matchAll(/"v(\d+)\.(\d+)": \(/g)].map(
    ([, major, minor]) => [Number(major), Number(minor)] as const,
  );

  it('has every directive of every version of federation that composition supports', () => {
    const names = new Set([...specification.matchAll(/directive @(\w+)/g)].map(([, name]) => name));
    expect(versions.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]).at(-1)).toEqual([2, 9]);
    expect(names.size).toBeGreaterThan(15);
    expect([...names].filter((name) => !Object.hasOwn(FEDERATION_DIRECTIVES, name as string))).toEqual([]);
  });

  it('is shown in docs/ownership.md', () => {
    const page = readFileSync('docs/ownership.md', 'utf8');
    const rows = Object.entries(FEDERATION_DIRECTIVES).map(
      ([name, { own, others, core, reason }]) =>
        `| \`@${name}\` | ${own} | ${others} | ${core} | ${reason} |`,
    );
    const shown = page.split('\n').filter((line) => line.startsWith('| `@'));
    expect(shown).toEqual(rows);
  });
});

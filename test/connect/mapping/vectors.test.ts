// The vectors of the mapping language, in every version of their range.

import { describe, expect, it } from 'vitest';
import {
  compileMapping,
  createProblems,
  isMappingSyntaxError,
  type MappingSyntaxError,
  type MappingVersion,
  parseSelection,
} from '../../../src/connect/mapping/index.ts';
import { LITERALS } from './vectors/literals.ts';
import { METHODS } from './vectors/methods.ts';
import { PATHS } from './vectors/paths.ts';
import type { Vector } from './vectors/vector.ts';
import { ONLY_0_4, REFUSED, SINCE } from './vectors/versions.ts';

const VERSIONS: readonly MappingVersion[] = ['0.1', '0.2', '0.3', '0.4'];

function refusal(text: string, version: MappingVersion): MappingSyntaxError | undefined {
  try {
    parseSelection(text, { version, extensions: false });
    return undefined;
  } catch (error) {
    if (isMappingSyntaxError(error)) return error;
    throw error;
  }
}

const versionsOf = ({ since = '0.1', until = '0.4' }: Vector): readonly MappingVersion[] =>
  VERSIONS.filter((version) => version >= since && version <= until);

describe.each(VERSIONS)('vectors of %s', (version) => {
  const vectors = [...PATHS, ...METHODS, ...LITERALS].filter((vector) =>
    versionsOf(vector).includes(version),
  );
  it.each(vectors)('$text', ({ text, input, value, problems = 0, vars }) => {
    const found = createProblems();
    const { run, portable } = compileMapping(parseSelection(text, { version, extensions: false }));
    const before = JSON.stringify(input);
    expect(run(input, vars, found)).toEqual(value);
    expect(found.count, JSON.stringify(found.described)).toBe(problems);
    expect(portable).toBe(true);
    expect(JSON.stringify(input)).toBe(before);
  });
});

describe('versions', () => {
  it.each(SINCE)('%s · since %s', (text, since) => {
    for (const version of VERSIONS) {
      const error = refusal(text, version);
      if (version >= since) expect(error).toBeUndefined();
      else expect(error?.message).toMatch(new RegExp(`v${since}|Write .* as \\$\\(`));
    }
  });

  it.each(ONLY_0_4)('%s · 0.4 alone', (text) => {
    expect(VERSIONS.filter((version) => refusal(text, version) === undefined)).toEqual(['0.4']);
  });

  it.each(REFUSED)('%s · refused', (text) => {
    expect(VERSIONS.filter((version) => refusal(text, version) === undefined)).toEqual([]);
  });
});

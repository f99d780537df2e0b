// The executor against graphql-js: documents made at random, over schemas of every kind, answered by both. Data with the
// order of its keys, errors in their order, and every call of a resolver are the same, at the first, the fourth and the
// tenth run of a plan, with the runs of another document between them.
// EXECUTE_DOCUMENTS=100000 for the long run; EXECUTE_SEED repeats one.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  type GraphQLSchema,
  NoUnusedVariablesRule,
  OverlappingFieldsCanBeMergedRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { OPEN_VIEW } from '../../../src/graph/access/access.ts';
import { selectionProblem } from '../../../src/graph/document-limits.ts';
import { mergeProblem } from '../../../src/graph/field-merging.ts';
import { createPlan } from '../../../src/graph/plan.ts';
import { DEFAULT_LIMITS } from '../../../src/limits.ts';
import { aDocument, type DocumentOptions } from './a-document.ts';
import { aSchemaWith, aWorld } from './a-world.ts';
import { aChoices, type Choices, numbers } from './choices.ts';
import { compare, type Subject } from './compare.ts';
import { CHAINS, SHAPES } from './schemas.ts';
import { watchUnhandled } from './unhandled.ts';

const DOCUMENTS = Number(process.env.EXECUTE_DOCUMENTS ?? 3_000);
const SEED = Number(process.env.EXECUTE_SEED ?? Date.now() % 2 ** 31);

interface Ground {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly options: DocumentOptions;
}

const isMarked = (_type: string, _field: string, description: string | undefined): boolean =>
  description === 'resolved';

/** Every field of the roots has a resolver, and every third of the others. */
const isOften = (type: string, field: string): boolean =>
  type === 'Query' || type === 'Mutation' || (type.length + field.length) % 3 === 0;

const SCALARS = {
  literals: { Odd: ['1', '3'], Free: ['1', '"f"', '{ a: [1, "x"] }'] },
  values: { Odd: [1, 3], Free: [1, { a: 1 }] },
};
const PUBLISHED = readFileSync(new URL('../../../schema/published.graphql', import.meta.url), 'utf8');

const GROUNDS: readonly Ground[] = [
  { name: 'shapes', schema: aSchemaWith(SHAPES, isMarked), options: SCALARS },
  { name: 'chains', schema: aSchemaWith(CHAINS, isMarked), options: { depth: 6 } },
  { name: 'the unified schema', schema: aSchemaWith(PUBLISHED, isOften), options: { depth: 6 } },
];

const RULES = specifiedRules.filter(
  (rule) => rule !== NoUnusedVariablesRule && rule !== OverlappingFieldsCanBeMergedRule,
);

function aSubject({ schema, options }: Ground, choices: Choices): Subject | undefined {
  const { text, operationNames, variables } = aDocument(schema, choices, options);
  const document = parse(text);
  if (
    selectionProblem(document, DEFAULT_LIMITS) !== undefined ||
    validate(schema, document, RULES).length > 0
  )
    return undefined;
  if (mergeProblem(document, schema) !== undefined) return undefined;
  const names = operationNames.length > 1 && choices.oneIn(6) ? [null, 'Nobody', ''] : operationNames;
  const operationName = choices.pick(names);
  const plan = createPlan(document, operationName, { schema, connectorsAt: () => [] });
  return { schema, text, document, operationName, plan, variables };
}

const unhandled = watchUnhandled();

const COMPARED = new Set([1, 4, 10]);

describe.each(GROUNDS)('$name', (ground) => {
  it(`documents at random · run by both · then equal answers, errors and calls (seed ${SEED})`, async () => {
    let made = 0;
    let valid = 0;
    const property = fc.asyncProperty(
      numbers(200, 1500),
      numbers(200, 1500),
      numbers(100, 400),
      async (one, two, runs) => {
        const choices = aChoices(runs);
        const subjects = [one, two]
          .map((list) => aSubject(ground, aChoices(list)))
          .filter((subject) => subject !== undefined);
        made += 2;
        valid += subjects.length;
        for (let run = 1; run <= 10; run++) {
          for (const subject of subjects) {
            if (!COMPARED.has(run)) {
              await subject.plan.run(
                aWorld(run, 4, 0),
                structuredClone(subject.variables(choices)),
                OPEN_VIEW,
              );
              continue;
            }
            unhandled.forget();
            const { ours, theirs, about } = await compare(subject, choices, unhandled.check);
            if (ours !== theirs) expect(ours, `run ${run} of\n${about}`).toBe(theirs);
          }
        }
      },
    );
    await fc.assert(property, {
      numRuns: Math.ceil(DOCUMENTS / GROUNDS.length / 2),
      seed: SEED,
      endOnFailure: true,
    });
    expect(valid / made).toBeGreaterThan(0.8);
    console.log(`${ground.name}: ${valid} documents compared, seed ${SEED}`);
  }, 3_600_000);
});

import fc from 'fast-check';
import { parse, specifiedRules, validate } from 'graphql';
import { createPlan } from '../../../src/graph/plan.ts';
import { aDocument } from './a-document.ts';
import { aSchemaWith, aWorld } from './a-world.ts';
import { aChoices, numbers } from './choices.ts';
import { compare } from './compare.ts';
import { SHAPES } from './schemas.ts';

process.on('unhandledRejection', () => {});
const schema = aSchemaWith(SHAPES, (_t, _f, d) => d === 'resolved');
const SCALARS = {
  literals: { Odd: ['1', '3'], Free: ['1', '"f"', '{ a: [1, "x"] }'] },
  values: { Odd: [1, 3], Free: [1, { a: 1 }] },
};
let t = process.cpuUsage();
const lap = (n: string) => {
  const d = process.cpuUsage(t);
  spent[n] = (spent[n] ?? 0) + (d.user + d.system) / 1000;
  t = process.cpuUsage();
};
const spent: Record<string, number> = {};
let diff = 0;
const lists = fc.sample(numbers(200, 1500), { numRuns: Number(process.env.N ?? 300), seed: 7 });
lap('sample');
for (const l of lists) {
  const c = aChoices(l);
  const d = aDocument(schema, c, SCALARS);
  lap('make');
  const document = parse(d.text);
  lap('parse');
  validate(schema, document, specifiedRules);
  lap('validate');
  const plan = createPlan(document, d.operationNames[0] as string, { schema, connectorsAt: () => [] });
  lap('plan');
  const runs = aChoices(l);
  for (let i = 0; i < 3; i++) {
    const r = await compare(
      {
        schema,
        text: d.text,
        document,
        operationName: d.operationNames[0] as string,
        plan,
        variables: d.variables,
      },
      runs,
    );
    if (r.ours !== r.theirs) {
      if (diff++ === 0 && process.env.SHOW)
        console.log(
          r.about.slice(0, 1500),
          '\nOURS',
          r.ours.slice(0, 1500),
          '\nTHEIRS',
          r.theirs.slice(0, 1500),
        );
    }
    lap('compare');
  }
  for (let i = 0; i < 7; i++) {
    await plan.run(aWorld(i, 4, 0), structuredClone(d.variables(runs)));
    lap('run');
  }
}
console.log(spent, diff);
process.exit(0);

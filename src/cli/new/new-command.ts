// `lienthong connector new`: writes a connector that passes `check` and `test` from the first minute. Never overwrites anything.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { isTypeDefinitionNode, isTypeExtensionNode, parse } from 'graphql';
import { readCoreSchema } from '../../graph/core-schema.ts';
import { checkCommand } from '../check/check-command.ts';
import type { CommandContext, ExitCode } from '../command-context.ts';
import { testCommand } from '../test/test-command.ts';
import { UsageError } from '../usage-error.ts';
import { caseTexts } from './case-texts.ts';
import { manifestText } from './manifest-text.ts';
import type { Plan } from './plan.ts';
import { type Answers, answersOf, type NewOptions } from './questions.ts';
import { readmeText } from './readme-text.ts';
import { schemaText } from './schema-text.ts';
import { simulatorText } from './simulator-text.ts';

/** @throws UsageError for an id or option that cannot be used, and where something exists already */
export async function newCommand(id: string, options: NewOptions, world: CommandContext): Promise<ExitCode> {
  const { terminal, connectorsDir } = world;
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(id))
    throw new UsageError(
      `Found the id "${id}", expected a small letter, then small letters, digits and "-", at most 63: it is the name of the folder.`,
    );
  const into = options.into ?? connectorsDir;
  const folder = join(into, id);
  if (existsSync(folder))
    throw new UsageError(
      `${folder} exists already, and nothing is overwritten. Give another id, or another folder with --into.`,
    );
  const plan: Plan = {
    id,
    ...(await answersAtTerminal(id, options, await takenNames())),
    portOffset: freeOffset(into),
  };

  // Whole or not at all: an interrupted command leaves no half of a connector.
  const draft = join(into, `.${id}.${process.pid}.new`);
  await mkdir(join(draft, 'cases'), { recursive: true });
  try {
    const files = Object.entries(filesOf(plan, schemaFile(into)));
    for (const [name, body] of files) await writeFile(join(draft, name), body, { flag: 'wx' });
    await rename(draft, folder);
    terminal.print(
      [
        `${relative(process.cwd(), resolve(folder)) || folder}:`,
        ...files.map(([name]) => `  ${name}`),
        '',
      ].join('\n'),
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }

  const checked = await checkCommand([folder], {}, world);
  const tested = await testCommand([folder], {}, world);
  terminal.print(`\nNext: ${join(folder, 'README.md')} lists what is left to do.`);
  return checked === 0 && tested === 0 ? 0 : 1;
}

/** By name below the folder. */
const filesOf = (plan: Plan, schema: string | undefined): Readonly<Record<string, string>> => ({
  'connector.yaml': manifestText(plan, schema),
  'schema.graphql': schemaText(plan),
  'simulator.ts': simulatorText(plan),
  ...Object.fromEntries(Object.entries(caseTexts(plan)).map(([name, body]) => [join('cases', name), body])),
  'README.md': readmeText(plan),
});

/** Editors find the keys of a manifest by it. */
const schemaFile = (into: string): string | undefined =>
  existsSync(join(into, 'connector.schema.json')) ? '../connector.schema.json' : undefined;

/** Questions are asked where a person can answer them. */
async function answersAtTerminal(
  id: string,
  options: NewOptions,
  taken: ReadonlySet<string>,
): Promise<Answers> {
  const isTaken = (coordinate: string): boolean => taken.has(coordinate);
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true)
    return answersOf(id, options, undefined, isTaken);
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await answersOf(
      id,
      options,
      (question, preset) => reader.question(`${question} [${preset}]: `),
      isTaken,
    );
  } finally {
    reader.close();
  }
}

/** Types of the gateway's own schema, and its fields of `Query`. */
async function takenNames(): Promise<ReadonlySet<string>> {
  const taken = new Set(['Query', 'Mutation', 'Subscription', 'String', 'Int', 'Float', 'Boolean', 'ID']);
  for (const { body } of await readCoreSchema()) {
    for (const definition of parse(body).definitions) {
      if (!isTypeDefinitionNode(definition) && !isTypeExtensionNode(definition)) continue;
      const { name } = definition;
      taken.add(name.value);
      if (name.value !== 'Query' || !('fields' in definition)) continue;
      for (const field of definition.fields ?? []) taken.add(`Query.${field.name.value}`);
    }
  }
  return taken;
}

/** The first offset after those of the other connectors of the folder. */
function freeOffset(into: string): number {
  let last = 0;
  for (const entry of existsSync(into) ? readdirSync(into, { withFileTypes: true }) : []) {
    const manifest = join(into, entry.name, 'connector.yaml');
    if (!entry.isDirectory() || !existsSync(manifest)) continue;
    const offset = /^ {2}portOffset: (\d+)/m.exec(readFileSync(manifest, 'utf8'))?.[1];
    last = Math.max(last, Number(offset ?? 0));
  }
  return last + 1;
}

// `lienthong documents`: publish, list and compare the documents that clients may send.

import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createDocumentStore, type DocumentStore } from '../../documents/document-store.ts';
import {
  digestOf,
  ManifestError,
  type PublishedDocument,
  readManifest,
} from '../../documents/read-manifest.ts';
import { openStore } from '../../store/database.ts';
import type { CommandContext, ExitCode } from '../command-context.ts';
import { UsageError } from '../usage-error.ts';

interface ForClient {
  readonly client?: string;
}

const CLIENT = ['--client <id>', 'the client application; default: every client'] as const;

export function addDocumentCommands(
  program: Command,
  world: CommandContext,
  leave: (code: ExitCode) => void,
): Command {
  const { terminal } = world;
  const documents = program
    .command('documents')
    .description('publish the documents that clients may send, and show them')
    .helpCommand(false);
  const withStore = async (use: (store: DocumentStore) => Promise<ExitCode>): Promise<void> => {
    const store = await openStore(world.store);
    try {
      leave(await use(createDocumentStore(store)));
    } finally {
      await store.close();
    }
  };

  documents
    .command('publish')
    .description(
      'add the documents of a manifest of Apollo, Relay or graphql-codegen; running gateways take them within seconds',
    )
    .argument('<manifest>', 'the file')
    .option(...CLIENT)
    .action(async (file: string, { client = '' }: ForClient) => {
      const given = await manifestOf(file);
      await withStore(async (store) => {
        const before = await bodiesOf(store, client);
        await store.publish(client, given);
        const { added, changed } = differenceOf(before, given);
        terminal.print(`${given.length} documents: ${added.length} new, ${changed.length} changed.`);
        return 0;
      });
    });

  documents
    .command('list')
    .description('print client, identifier, digest and the first line of each published document')
    .option(...CLIENT)
    .action(async ({ client }: ForClient) => {
      await withStore(async (store) => {
        const rows = (await store.all()).filter((row) => client === undefined || row.client === client);
        for (const { client: of, id, body } of rows)
          terminal.print(
            `${of || '(every client)'}  ${id}  ${digestOf(body).slice(0, 12)}  ${firstLineOf(body)}`,
          );
        terminal.print(`${rows.length} documents.`);
        return 0;
      });
    });

  documents
    .command('diff')
    .description('compare a manifest with what is published, without a change; fails when they differ')
    .argument('<manifest>', 'the file')
    .option(...CLIENT)
    .action(async (file: string, { client = '' }: ForClient) => {
      const given = await manifestOf(file);
      await withStore(async (store) => {
        const { added, changed, gone } = differenceOf(await bodiesOf(store, client), given);
        for (const id of added) terminal.print(`+ ${id}`);
        for (const id of changed) terminal.print(`~ ${id}`);
        for (const id of gone) terminal.print(`- ${id}`);
        const count = added.length + changed.length + gone.length;
        terminal.print(count === 0 ? 'No difference.' : `${count} differences.`);
        return count === 0 ? 0 : 1;
      });
    });

  return documents;
}

/** @throws UsageError */
async function manifestOf(file: string): Promise<readonly PublishedDocument[]> {
  try {
    return readManifest(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof ManifestError) throw new UsageError(`${file}: ${error.message}`);
    throw new UsageError(`The file ${file} cannot be read. Give the path of a manifest.`);
  }
}

async function bodiesOf(store: DocumentStore, client: string): Promise<ReadonlyMap<string, string>> {
  const rows = await store.all();
  return new Map(rows.filter((row) => row.client === client).map(({ id, body }) => [id, body]));
}

function differenceOf(before: ReadonlyMap<string, string>, given: readonly PublishedDocument[]) {
  const ids = new Set(given.map(({ id }) => id));
  return {
    added: given.filter(({ id }) => !before.has(id)).map(({ id }) => id),
    changed: given.filter(({ id, body }) => before.has(id) && before.get(id) !== body).map(({ id }) => id),
    gone: [...before.keys()].filter((id) => !ids.has(id)),
  };
}

const firstLineOf = (body: string): string => (body.trim().split('\n')[0] ?? '').slice(0, 80);

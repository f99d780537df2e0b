// A process of the page bench: the endpoint that a good engineer would write by hand for this one page, on node:http.
// Reads its settings from the environment and prints its address on stdout.

import { createServer, type IncomingMessage } from 'node:http';
import { createAnswers } from './answers.ts';
import { openHandStore } from './store.ts';
import { createPlatform, createPopulation, createPost, createRegistry } from './systems.ts';
import { VARIANTS, type Variant } from './variants.ts';

const env = (name: string): string => process.env[name] ?? '';
const variant = VARIANTS[env('BENCH_VARIANT') as Variant];
const send = (variable: string) => variant.send(env(variable), variant.connections);

const store = await openHandStore(process.env.DATABASE_URL, env('DATA_DIR'), variant.sql);
const answers = createAnswers(store, {
  population: createPopulation(env('POPULATION_URL'), send('POPULATION_URL'), env, variant.readXml()),
  registry: createRegistry(send('BUSINESS_REGISTRY_URL'), env),
  platform: createPlatform(send('PAYMENT_URL'), env),
  post: createPost(send('POSTAL_URL'), env),
});

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const server = createServer(async (request, response) => {
  try {
    const answer = answers[request.url as keyof typeof answers] as
      | ((input: unknown) => Promise<unknown>)
      | undefined;
    if (request.method !== 'POST' || answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    const text = JSON.stringify({ data: await answer(JSON.parse(await read(request))) });
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  } catch {
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
});
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on ${(server.address() as { port: number }).port}`);
});
process.on('SIGTERM', () => process.exit());

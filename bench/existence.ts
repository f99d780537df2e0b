// Whether the time of an answer reveals that a dossier exists: a citizen asks for another's dossier and for one that does not exist,
// in turns; a third series that repeats the second one is the control.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/config.ts';
import { createGateway } from '../src/gateway.ts';
import { createLog } from '../src/observe/log.ts';

const ROUNDS = 40;
const PER_ROUND = 100;
const KINDS = ['existing', 'missing', 'control'] as const;

const folder = await mkdtemp(join(tmpdir(), 'bench-existence-'));
const config = loadConfig(
  ['--port', '0', '--data-dir', folder, '--close-delay-ms', '0', '--log-level', 'silent'],
  {
    ...process.env,
    AUDIT_KEY: 'a-key-of-the-bench-with-enough-characters',
  },
);
const gateway = await createGateway(config, { log: createLog({ level: 'silent' }) });
const { graphqlUrl } = await gateway.listen();
const tokenOf = async (person: string): Promise<string> =>
  (await gateway.development?.token({ person })) ?? '';
const [citizen, officer] = await Promise.all([tokenOf('citizen'), tokenOf('officer')]);

async function ask(token: string, query: string): Promise<{ text: string; us: number }> {
  const startedAt = process.hrtime.bigint();
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  return { text, us: Number(process.hrtime.bigint() - startedAt) / 1000 };
}

const codesIn = (text: string): string[] =>
  [...text.matchAll(/"code":"([^"]+)"/g)].map(([, code]) => code ?? '');
const own = new Set(
  codesIn((await ask(citizen, '{ dossiers(first: 100) { edges { node { code } } } }')).text),
);
const others = codesIn(
  (await ask(officer, '{ dossiers(first: 50) { edges { node { code } } } }')).text,
).filter((code) => !own.has(code));
// Codes of the same form that no dossier has.
const none = others.map((code) => code.replace(/\d{4}$/, '9999'));
const query = (code: string): string => `{ dossier(code: "${code}") { code status payments { reference } } }`;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const series: Record<'existing' | 'missing' | 'control', number[]> = {
  existing: [],
  missing: [],
  control: [],
};
for (let round = -3; round < ROUNDS; round++) {
  const times: Record<keyof typeof series, number[]> = { existing: [], missing: [], control: [] };
  for (let i = 0; i < PER_ROUND; i++) {
    const at = i % others.length;
    const order = KINDS.toSorted(() => Math.random() - 0.5);
    for (const kind of order) {
      const code = (kind === 'existing' ? others : none)[at] ?? '';
      const { text, us } = await ask(citizen, query(code));
      if (!text.includes('"dossier":null')) throw new Error('a dossier of another was answered');
      times[kind].push(us);
    }
  }
  // The first rounds warm up.
  if (round >= 0) for (const kind of KINDS) series[kind].push(median(times[kind]));
}

const ratios = (kind: 'existing' | 'control'): number[] =>
  series[kind].map((value, round) => value / (series.missing[round] ?? 1)).toSorted((a, b) => a - b);
const shown = (kind: 'existing' | 'control'): string => {
  const sorted = ratios(kind);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(3);
  return `${at(0.5)} (rounds: ${at(0.05)} to ${at(0.95)})`;
};
console.log(`median of an answer about a missing dossier: ${median(series.missing).toFixed(0)} µs
another's dossier ÷ missing dossier: ${shown('existing')}
missing ÷ missing (control):         ${shown('control')}`);
await gateway.close();
await rm(folder, { recursive: true, force: true });

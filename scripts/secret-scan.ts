// Looks for secrets in every file of the repository that git knows or would add. Part of `npm run check`. `secret-scan.yaml` lists what
// is permitted and why; an entry that permits nothing is a mistake as well. Reports file, line, kind and way out, and never a value.

import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Finding, findSecrets, KINDS, type SecretKind } from './secret-forms.ts';

const ALLOW_LIST = 'scripts/secret-scan.yaml';
/** Larger files are data or built code that a person cannot have written a secret into; none is that large now. */
const MAX_BYTES = 8_388_608;

const kinds = Object.keys(KINDS) as [SecretKind, ...SecretKind[]];
const allowList = z.array(
  z.strictObject({
    /** A path; `*` stands for any characters but a slash. */
    file: z.string().min(1),
    kind: z.enum(kinds),
    /** Why it is no secret. */
    reason: z.string().min(15),
  }),
);
export type Allowed = z.infer<typeof allowList>[number];

/** @throws Error that names the wrong entry */
export function readAllowList(text: string): Allowed[] {
  const result = allowList.safeParse(parse(text) ?? []);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(
    `${ALLOW_LIST}: entry ${issue?.path.join('.')}: ${issue?.message}. Each has file, kind (${kinds.join(', ')}) and reason.`,
  );
}

const matches = (pattern: string, file: string): boolean =>
  new RegExp(`^${pattern.split('*').map(RegExp.escape).join('[^/]*')}$`).test(file);

/** One line for each secret that no entry permits, and for each entry that permits nothing. Empty: all is well. */
export function reportSecrets(findings: readonly Finding[], allowed: readonly Allowed[]): string[] {
  const used = new Set<Allowed>();
  const lines: string[] = [];
  for (const { file, line, kind } of findings) {
    const entries = allowed.filter((entry) => entry.kind === kind && matches(entry.file, file));
    for (const entry of entries) used.add(entry);
    const { found, wayOut } = KINDS[kind];
    if (entries.length === 0)
      lines.push(
        `${file}:${line}: found ${found} (${kind}). ${wayOut} If it is no secret, say why in ${ALLOW_LIST}.`,
      );
  }
  for (const entry of allowed) {
    if (!used.has(entry))
      lines.push(`${ALLOW_LIST}: "${entry.file}" has no ${entry.kind} any more. Remove the entry.`);
  }
  return lines;
}

/** The files of a working tree that git knows or would add. */
const filesOf = (root: string): string[] =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
    .split('\0')
    .filter((file) => file !== '');

/** @param root a working tree of git with its own allow-list */
export function scanRepository(root: string): string[] {
  const findings: Finding[] = [];
  for (const file of filesOf(root)) {
    const found = statSync(join(root, file), { throwIfNoEntry: false });
    if (found?.isFile() !== true || found.size > MAX_BYTES) continue;
    const bytes = readFileSync(join(root, file));
    // A binary file.
    if (bytes.subarray(0, 8000).includes(0)) continue;
    findings.push(...findSecrets(file, bytes.toString('utf8')));
  }
  return reportSecrets(findings, readAllowList(readFileSync(join(root, ALLOW_LIST), 'utf8')));
}

if (import.meta.main) {
  const lines = scanRepository(new URL('..', import.meta.url).pathname);
  for (const line of lines) console.error(line);
  if (lines.length > 0) process.exitCode = 1;
}

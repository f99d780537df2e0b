// The declaration of a signature over parts of a request: its keys, and what they must not say together.
import type { z } from 'zod';
import { about } from '../../manifest-keys.ts';
import { isHmac } from './algorithms.ts';
import { headerName, type Keys, keys } from './request-parts-shape.ts';

type Mistake = readonly [path: readonly (string | number)[], message: string];

/** Headers that the transport writes: a signature, time or nonce cannot be in one. */
const TRANSPORT_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What contradicts itself. Messages say what is expected. */
function mistakesOf(declared: Keys): Mistake[] {
  const mistakes: Mistake[] = [];
  const { algorithm, over, place, digest, value } = declared;
  if (declared.keyForm !== undefined && !isHmac(algorithm)) {
    mistakes.push([['keyForm'], `no keyForm with ${algorithm}, whose key is in PEM form; remove it`]);
  }
  if (declared.ecdsaForm !== undefined && !algorithm.startsWith('ecdsa-')) {
    mistakes.push([['ecdsaForm'], `no ecdsaForm with ${algorithm}, which has one form only; remove it`]);
  }
  if (!value.includes('{signature}')) mistakes.push([['value'], 'a text that contains {signature}']);
  const [strange] =
    value.replace(/\$\{[^{}]*\}/g, '').match(/\{(?!signature\}|timestamp\}|nonce\})[^{}]*\}/) ?? [];
  if (strange !== undefined) {
    mistakes.push([['value'], 'no braces but {signature}, {timestamp}, {nonce} and references']);
  }
  over.forEach((one, i) => {
    if (typeof one === 'object' && 'header' in one) {
      if (place === 'header' && one.header.toLowerCase() === declared.into.toLowerCase()) {
        mistakes.push([['over', i, 'header'], 'a header other than the one that receives the signature']);
      }
      if (place === 'body' && one.header.toLowerCase() === 'content-length') {
        mistakes.push([['over', i, 'header'], OUTSIDE_BODY('the length of the body')]);
      }
    } else if (place === 'body' && (one === 'body' || one === 'bodyDigest')) {
      mistakes.push([['over', i], OUTSIDE_BODY(one)]);
    }
  });
  if (place === 'body' && digest.into !== undefined) {
    mistakes.push([
      ['digest', 'into'],
      'no header with the digest of a body that the signature changes; remove it',
    ]);
  }
  for (const name of ['timestamp', 'nonce'] as const) mistakes.push(...markMistakes(declared, name));
  mistakes.push(...placeMistakes(declared));
  return mistakes;
}

const OUTSIDE_BODY = (what: string): string =>
  `a part that is known before the body is written; a signature in the body cannot cover ${what}: cover its values by { field: path }, or choose \`place: header\``;

/** A time or nonce that is not sent cannot be verified, and one that is not covered protects nothing. */
function markMistakes(declared: Keys, name: 'timestamp' | 'nonce'): Mistake[] {
  const { over, value } = declared;
  const mark = declared[name];
  const at = over.indexOf(name);
  const isInValue = value.includes(`{${name}}`);
  if (mark === undefined) {
    if (at < 0 && !isInValue) return [];
    return [
      [
        at < 0 ? ['value'] : ['over', at],
        `the key \`${name}\` beside it, e.g. \`${name}: { into: x-${name} }\``,
      ],
    ];
  }
  const mistakes: Mistake[] = [];
  if (mark.into === undefined && !isInValue) {
    mistakes.push([[name, 'into'], `a place for the ${name}: \`into\`, or {${name}} in \`value\``]);
  }
  if (at < 0 && !isCovered(declared, mark)) {
    mistakes.push([[name], `a ${name} that the signature covers; add \`${name}\` to \`over\``]);
  }
  return mistakes;
}

function isCovered({ over }: Keys, { into, place }: NonNullable<Keys['timestamp' | 'nonce']>): boolean {
  if (into === undefined) return false;
  return over.some((one) => {
    if (place === 'query') return one === 'query' || one === 'sortedQuery';
    if (place === 'body') {
      return (
        one === 'body' ||
        one === 'bodyDigest' ||
        (typeof one === 'object' && 'field' in one && one.field === into)
      );
    }
    return typeof one === 'object' && 'header' in one && one.header.toLowerCase() === into.toLowerCase();
  });
}

/** Two values cannot have one place, and some headers are not ours to write. */
function placeMistakes({ into, place, timestamp, nonce, digest }: Keys): Mistake[] {
  const mistakes: Mistake[] = [];
  const taken = new Set<string>();
  const targets = [
    [['into'], into, place],
    [['timestamp', 'into'], timestamp?.into, timestamp?.place],
    [['nonce', 'into'], nonce?.into, nonce?.place],
    [['digest', 'into'], digest.into, 'header'],
  ] as const;
  for (const [path, name, where] of targets) {
    if (name === undefined) continue;
    if (where === 'header' && !headerName.safeParse(name).success) {
      mistakes.push([path, 'the name of a header, such as X-Signature']);
    } else if (where === 'header' && TRANSPORT_HEADERS.has(name.toLowerCase())) {
      mistakes.push([path, 'a header that the transport does not write itself']);
    }
    const target = `${where} ${where === 'header' ? name.toLowerCase() : name}`;
    if (taken.has(target)) mistakes.push([path, `another name: the ${target} is used twice`]);
    taken.add(target);
  }
  return mistakes;
}

export const requestPartsSchema = keys
  .superRefine((declared, context) => {
    for (const [path, message] of mistakesOf(declared)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  })
  .meta(
    about('A signature over parts of the request as it is sent, made anew for each attempt.', {
      type: 'requestParts',
      algorithm: 'hmac-sha256',
      key: '${env:PAYMENT_SECRET}',
      over: ['method', 'path', 'sortedQuery', 'timestamp', 'nonce', 'bodyDigest'],
      timestamp: { into: 'x-timestamp' },
      nonce: { into: 'x-nonce' },
      into: 'x-signature',
    }),
  );

export type DeclaredRequestParts = z.output<typeof requestPartsSchema>;

// Builds the mask of one call from the manifest's classification, its secrets, the inputs and the result. The masking itself
// is in `mask.ts`.

import type { Mapping } from '../../connect/mapping/index.ts';
import { parseJsonExact } from '../../exact-number.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { type PersonalFields, personalParts } from '../../manifest/personal-fields.ts';
import type { ConnectorFolder } from '../../manifest/read-folder.ts';
import { secretTexts } from '../../manifest/secret-texts.ts';
import { type ReferenceSources, resolveReferences, SecretReferenceError } from '../../references.ts';
import { secretNamesOf } from '../../upstream/credentials/kinds.ts';
import { answerKeys, pathKey } from './answer-keys.ts';
import type { Call } from './call-once.ts';
import { createMask, leavesOf, type Mask } from './mask.ts';

export interface CallMaskParts {
  readonly folder: ConnectorFolder;
  readonly call: Call;
  readonly mapping: Mapping;
  /** The object type that the operation returns. */
  readonly typeName: string | undefined;
  readonly fields: PersonalFields;
  readonly references: ReferenceSources;
  readonly showPersonal: boolean;
}

export function createCallMask(parts: CallMaskParts): Mask {
  const { folder, call, mapping, typeName, fields, references, showPersonal } = parts;
  const { manifest } = folder;
  const { input, outcome, operation } = call;
  const result = outcome.kind === 'mapped' ? outcome.value : undefined;
  const personal = [
    personalParts(input.this, operation.typeName, fields),
    personalParts(input.batch, operation.typeName, fields),
    // Arguments have no classification of their own; that of the system applies.
    personalParts(input.args, undefined, fields),
    personalParts(result, typeName, fields),
  ].flatMap(leavesOf);
  const plain = [...leavesOf(manifest.config), ...leavesOf(input.context)];
  const keys = answerKeys(mapping, typeName, fields);
  const judged = manifest.outcome === undefined ? [] : [pathKey(manifest.outcome.at.split('.'))];
  return createMask({
    showPersonal,
    secrets: [...secretsOf(manifest, references), ...environmentOf(manifest, references), ...tokensOf(call)],
    secretHeaders: secretHeadersOf(manifest),
    secretKeys: new Set(secretKeysOf(manifest)),
    secretParameters: new Set([
      ...(secretNamesOf(manifest.credentials).query ?? []),
      manifest.signing?.place === 'query' ? manifest.signing.into : undefined,
    ]),
    allPersonal: fields.all,
    personalKeys: keys.personal,
    plainPaths: fields.some ? new Set([...keys.plain, ...judged]) : undefined,
    personalValues: personal,
    plainValues: new Set(plain),
  });
}

/** Values of `env`: they are no part of the manifest, and what they mean is not known here. */
const environmentOf = ({ env }: Manifest, { readEnv }: ReferenceSources): string[] =>
  env.flatMap((name) => readEnv(name) ?? []);

/** What a sign-in answered and the call then sent: tokens and sessions, wherever they are sent. */
function tokensOf({ signIns, attempts }: Call): string[] {
  const sent = attempts.flatMap(({ path, headers, body }) => [
    path,
    decoded(path),
    ...headers.map(([, value]) => value),
    body ?? '',
  ]);
  const answered = signIns.flatMap(({ chunks }) => textsIn(Buffer.concat(chunks).toString('utf8')));
  return answered.filter((text) => text.length >= 4 && sent.some((part) => part.includes(text)));
}

/** The texts of an answer in JSON or XML, or the answer itself. */
function textsIn(answer: string): string[] {
  try {
    return leavesOf(parseJsonExact(answer));
  } catch {
    return answer.split(/<[^>]*>/).map((text) => text.trim());
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The resolved references of credentials, signatures, TLS and SOAP headers. */
function secretsOf(manifest: Manifest, references: ReferenceSources): string[] {
  return secretTexts(manifest).flatMap((text) => {
    try {
      return [resolveReferences(text, references)];
    } catch (error) {
      if (error instanceof SecretReferenceError) return [];
      throw error;
    }
  });
}

function secretHeadersOf({ credentials, signing, messageSignature }: Manifest): string[] {
  const names = [
    ...(secretNamesOf(credentials).headers ?? []),
    signing?.place === 'header' ? signing.into : undefined,
    messageSignature === undefined ? undefined : 'signature',
  ];
  return names.flatMap((name) => (name === undefined ? [] : [name.toLowerCase()]));
}

/** Fields of the body that contain a signature or a session. */
const secretKeysOf = ({ credentials, signing }: Manifest): string[] =>
  [signing?.into, ...(secretNamesOf(credentials).bodyFields ?? [])].filter((name) => name !== undefined);

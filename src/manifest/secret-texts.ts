// The texts of a manifest that refer to secrets.
import { REFERENCE } from '../references.ts';
import type { Manifest } from './manifest.ts';

export const secretTexts = ({ credentials, signing, messageSignature, tls, soap }: Manifest): string[] =>
  [credentials, signing, messageSignature, tls, soap?.headers, soap?.security]
    .flatMap(textsIn)
    .filter((text) => REFERENCE.test(text));

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

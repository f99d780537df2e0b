// XML signature of elements of an envelope: exclusive C14N, SHA-256, RSA-SHA256, with a reference to the BinarySecurityToken.
import { createHash, sign } from 'node:crypto';
import { DS, EXCLUSIVE_C14N, RSA_SHA256, SHA256, X509_V3 } from './names.ts';
import type { SigningPair } from './signing-key.ts';
import { canonicalize, elementsById, parseTree } from './xml-tree.ts';

/**
 * The Signature element for an envelope in which each signed element has its `wsu:Id`. The caller inserts it, so that every other byte of
 * the envelope stays as it was written.
 */
export function signEnvelope(
  envelope: string,
  ids: readonly string[],
  tokenId: string,
  { key }: SigningPair,
): string {
  const elements = elementsById(parseTree(envelope));
  const references = ids.map((id) => {
    // The caller has written each of these ids, which are random, once.
    const [element] = elements.get(id) ?? [];
    if (element === undefined) throw new Error(`no element with the id ${id}`);
    const digest = createHash('sha256').update(canonicalize(element), 'utf8').digest('base64');
    return (
      `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${EXCLUSIVE_C14N}"></ds:Transform></ds:Transforms>` +
      `<ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`
    );
  });
  // Written in its canonical form.
  const info =
    `<ds:SignedInfo xmlns:ds="${DS}"><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE_C14N}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${RSA_SHA256}"></ds:SignatureMethod>${references.join('')}</ds:SignedInfo>`;
  const value = sign('sha256', Buffer.from(info, 'utf8'), key).toString('base64');
  return (
    `<ds:Signature xmlns:ds="${DS}">${info}<ds:SignatureValue>${value}</ds:SignatureValue>` +
    `<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI="#${tokenId}" ValueType="${X509_V3}"/></wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature>`
  );
}

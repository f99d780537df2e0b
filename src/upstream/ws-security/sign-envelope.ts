// XML signature of elements of an envelope: exclusive C14N, SHA-256, RSA-SHA256, with a reference to the BinarySecurityToken.
import { xmlCrypto } from './libraries.ts';
import { EXCLUSIVE_C14N, RSA_SHA256, SHA256, WSSE, X509_V3 } from './names.ts';
import type { SigningPair } from './signing-key.ts';

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
  const { SignedXml } = xmlCrypto();
  const signed = new SignedXml({
    idMode: 'wssecurity',
    privateKey: key,
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: EXCLUSIVE_C14N,
    getKeyInfoContent: () =>
      `<wsse:SecurityTokenReference><wsse:Reference URI="#${tokenId}" ValueType="${X509_V3}"/></wsse:SecurityTokenReference>`,
  });
  for (const id of ids) {
    signed.addReference({
      xpath: `//*[@*[local-name(.)='Id']='${id}']`,
      digestAlgorithm: SHA256,
      transforms: [EXCLUSIVE_C14N],
    });
  }
  signed.computeSignature(envelope, { prefix: 'ds', existingPrefixes: { wsse: WSSE } });
  return signed.getSignatureXml();
}

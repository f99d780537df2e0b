// WS-Security of one source: the Security header of requests, and the verification of answers. The SOAP codec calls it.
import { randomUUID } from 'node:crypto';
import { escapeAttribute } from '../codecs/xml-encode.ts';
import type { WsSecuritySettings } from './keys.ts';
import { xmlCrypto } from './libraries.ts';
import { BASE64_BINARY, WSSE, WSU, X509_V3 } from './names.ts';
import { signEnvelope } from './sign-envelope.ts';
import { signingPair } from './signing-key.ts';
import { writeUsernameToken } from './username-token.ts';
import { verifyEnvelope } from './verify-envelope.ts';

/** The parts of one envelope. */
export interface Secured {
  /** The Security element. */
  readonly header: string;
  /** Attributes of Body, with a space before them; empty when Body is not signed. */
  readonly bodyAttributes: string;
  /** Adds the signature to the complete envelope. */
  readonly finish: (envelope: string) => string;
}

export interface WsSecurity {
  /** A new time, nonce and ids. @throws GatewayError UPSTREAM_UNAUTHORIZED when a reference cannot be read or used */
  readonly secure: (() => Secured) | undefined;
  /** An envelope with the verified Body only. @throws UnverifiedError */
  readonly verify: ((xml: string) => string) | undefined;
}

/** Stands for the signature until the envelope is complete. No text of an envelope can contain it: `<` is escaped there. */
const SIGNATURE_PLACE = '<ds:Signature/>';

export function createWsSecurity(
  version: 'soap11' | 'soap12',
  settings: WsSecuritySettings,
  now: () => number,
): WsSecurity {
  const { timestamp, usernameToken, signature, verify } = settings;
  // At registration, not at the first call.
  if (signature !== undefined || verify !== undefined) xmlCrypto();
  const hasHeader = timestamp !== undefined || usernameToken !== undefined || signature !== undefined;
  return {
    secure: hasHeader ? compileSecure(version, settings, now) : undefined,
    verify: verify === undefined ? undefined : (xml) => verifyEnvelope(xml, verify, now()),
  };
}

function compileSecure(
  version: 'soap11' | 'soap12',
  { mustUnderstand, actor, timestamp, usernameToken, signature }: WsSecuritySettings,
  now: () => number,
): () => Secured {
  const open =
    `<wsse:Security xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}"` +
    (mustUnderstand ? ` soap:mustUnderstand="${version === 'soap11' ? '1' : 'true'}"` : '') +
    (actor === undefined
      ? ''
      : ` soap:${version === 'soap11' ? 'actor' : 'role'}="${escapeAttribute(actor)}"`) +
    '>';
  const pairOf = signature === undefined ? undefined : signingPair(signature.certificate, signature.key);
  const signsBody = signature?.over.includes('body') ?? false;

  return () => {
    const call = randomUUID();
    const at = now();
    const created = new Date(at).toISOString();
    const pair = pairOf?.();
    let header = open;
    if (pair !== undefined) {
      header += `<wsse:BinarySecurityToken EncodingType="${BASE64_BINARY}" ValueType="${X509_V3}" wsu:Id="X509-${call}">${pair.certificate}</wsse:BinarySecurityToken>`;
    }
    if (timestamp !== undefined) {
      const expires = new Date(at + timestamp.lifeMs).toISOString();
      header += `<wsu:Timestamp wsu:Id="TS-${call}"><wsu:Created>${created}</wsu:Created><wsu:Expires>${expires}</wsu:Expires></wsu:Timestamp>`;
    }
    if (usernameToken !== undefined) {
      const token = {
        username: usernameToken.username(),
        password: usernameToken.password(),
        type: usernameToken.type,
        nonce: usernameToken.nonce ?? false,
      };
      header += writeUsernameToken(token, created, `UT-${call}`);
    }
    if (pair === undefined || signature === undefined) {
      return { header: `${header}</wsse:Security>`, bodyAttributes: '', finish: unchanged };
    }
    const ids = signature.over.map((part) => `${ID_PREFIX[part]}-${call}`);
    return {
      header: `${header}${SIGNATURE_PLACE}</wsse:Security>`,
      bodyAttributes: signsBody ? ` xmlns:wsu="${WSU}" wsu:Id="B-${call}"` : '',
      finish: (envelope) => {
        const at = envelope.indexOf(SIGNATURE_PLACE);
        const start = envelope.slice(0, at);
        const end = envelope.slice(at + SIGNATURE_PLACE.length);
        return start + signEnvelope(start + end, ids, `X509-${call}`, pair) + end;
      },
    };
  };
}

const ID_PREFIX = { body: 'B', timestamp: 'TS', usernameToken: 'UT' } as const;

const unchanged = (envelope: string): string => envelope;

// Notes what proves an attempt, for the audit trail: when it was sent and answered, and digests of both. Never a value of the bodies.

import { hash } from 'node:crypto';
import type { Evidence } from './contract.ts';
import type { RawAnswer, RawRequest, Transport } from './transport.ts';

/** @throws as `transport.send` */
export async function sendWithEvidence(
  transport: Pick<Transport, 'send'>,
  request: RawRequest,
  signal: AbortSignal,
  evidence: Evidence,
  now: () => number,
): Promise<RawAnswer> {
  const { method, path, body } = request;
  evidence.sent = digest(body === undefined ? `${method} ${path}` : joined(`${method} ${path}\n`, body));
  // Of an earlier attempt.
  evidence.received = undefined;
  evidence.receivedAt = undefined;
  evidence.sentAt = now();
  const answer = await transport.send(request, signal);
  evidence.receivedAt = now();
  evidence.received = digest(answer.bytes);
  return answer;
}

const joined = (line: string, body: string | Buffer): string | Buffer =>
  typeof body === 'string' ? line + body : Buffer.concat([Buffer.from(line), body]);

const digest = (value: string | Buffer): string => hash('sha256', value, 'base64url');

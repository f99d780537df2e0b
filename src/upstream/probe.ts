// Checks whether a source can be reached, independently of calls: by opening a socket (and a TLS handshake), which spends no quota,
// or by a GET of the health endpoint that the manifest names.
import { GatewayError } from '../errors.ts';
import type { Probed, ProbeTarget, UpstreamAnswer, UpstreamRequest } from './contract.ts';
import type { CredentialSource, Proof } from './credentials/contract.ts';
import { withQuery } from './credentials/proof.ts';
import type { Judge } from './judge.ts';
import type { Transport } from './transport.ts';

export interface ProbeParts {
  readonly transport: Pick<Transport, 'open' | 'send'>;
  readonly credentials: Pick<CredentialSource, 'prove' | 'renew'>;
  readonly judge: Judge;
  readonly now: () => number;
}

const NO_PROOF: Proof = { headers: {} };

/** @throws GatewayError as an attempt does */
export function createProbe(
  target: ProbeTarget,
  { transport, credentials, judge, now }: ProbeParts,
): (signal: AbortSignal) => Promise<Probed> {
  const { origin, path, statuses } = target;
  if (path === undefined) {
    return async (signal) => {
      await transport.open(origin, signal);
      return { kind: 'SOCKET' };
    };
  }
  const request: UpstreamRequest = { operation: 'probe', method: 'GET', origin, path, headers: {} };
  const isGood = (status: number): boolean =>
    statuses === undefined ? status >= 200 && status < 300 : statuses.includes(status);

  /** Unsigned and without a body: a health endpoint requires less than a call. The answer's body is not read. */
  const get = async (proof: Proof, signal: AbortSignal): Promise<UpstreamAnswer> => {
    const { status, headers } = await transport.send(
      {
        method: 'GET',
        origin,
        path: withQuery(path, proof.query),
        headers: { accept: '*/*', ...proof.headers },
        body: undefined,
        idempotent: true,
      },
      signal,
    );
    return { status, headers, body: null, fetchedAt: now(), freshness: 'LIVE' };
  };

  return async (signal) => {
    let proof = target.credentials ? await credentials.prove(request, signal) : NO_PROOF;
    let answer = await get(proof, signal);
    if (answer.status === 401 && target.credentials && credentials.renew(proof)) {
      proof = await credentials.prove(request, signal);
      answer = await get(proof, signal);
    }
    if (isGood(answer.status)) return { kind: 'REQUEST' };
    judge.judge(answer, { body: null }, request);
    // The status would be a success for a call, but is not among those declared for the probe.
    throw new GatewayError('UPSTREAM_INVALID', {
      detail: `the probe was answered with status ${answer.status}; expected ${statuses?.join(', ') ?? '2xx'}`,
      extensions: { http: { status: answer.status } },
    });
  };
}

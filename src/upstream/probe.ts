// Is a source there at all? Asked between calls, by whoever watches the sources: by a socket (and a handshake), which costs the source
// nothing and no quota, or by the GET of a health endpoint that the manifest names. `upstream.ts` offers it.
import { GatewayError } from '../errors.ts';
import type { Probed, ProbeTarget, UpstreamAnswer, UpstreamRequest } from './contract.ts';
import type { CredentialSource, Proof } from './credentials/contract.ts';
import { withQuery } from './credentials/proven-path.ts';
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

  /** Not signed and without a body: a health endpoint asks for less than a call. What it answers is not read. */
  const ask = async (proof: Proof, signal: AbortSignal): Promise<UpstreamAnswer> => {
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
    let proof = target.credentials === true ? await credentials.prove(request, signal) : NO_PROOF;
    let answer = await ask(proof, signal);
    if (answer.status === 401 && target.credentials === true && credentials.renew(proof)) {
      proof = await credentials.prove(request, signal);
      answer = await ask(proof, signal);
    }
    if (isGood(answer.status)) return { kind: 'REQUEST' };
    judge.judge(answer, { body: null }, request);
    // Good for a call by its status, but not what was agreed for the probe.
    throw new GatewayError('UPSTREAM_INVALID', {
      detail: `the probe was answered with status ${answer.status}; expected ${statuses?.join(', ') ?? '2xx'}`,
      extensions: { http: { status: answer.status } },
    });
  };
}

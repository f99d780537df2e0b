// Step "judge" of an attempt, the last one: decides whether the source answered, refused or failed.
// Order: SOAP Fault · HTTP status by the outcome table · error of the bus · HTTP status · readable body · code in the body by the
// outcome table · readable embedded texts · the connector's own isSuccess.
// Judging happens inside the guard, so that a maintenance page with status 200 counts against the breaker.
import { type ErrorCode, GatewayError } from '../errors.ts';
import { codeOfBus } from './bus-fault.ts';
import type { Decoded, SoapFault } from './codecs/contract.ts';
import type { Outcome, UpstreamAnswer, UpstreamRequest, Verdict } from './contract.ts';
import { compileOutcome } from './outcome.ts';
import { parseRetryAfter } from './retry-after.ts';

export interface Judge {
  /** @returns the answer, with `notFound` if the outcome table maps it to that. @throws GatewayError for everything else. */
  judge(answer: UpstreamAnswer, decoded: Decoded, request: UpstreamRequest): UpstreamAnswer;
  /** True when the source rejected our credentials. A 403 does not count: the source knew who we are. */
  isUnauthorized(answer: UpstreamAnswer): boolean;
}

const CODE_OF: Readonly<Record<Exclude<Verdict, 'success' | 'notFound'>, ErrorCode>> = {
  refused: 'UPSTREAM_REFUSED',
  throttled: 'UPSTREAM_THROTTLED',
  unauthorized: 'UPSTREAM_UNAUTHORIZED',
  fault: 'UPSTREAM_FAULT',
  invalid: 'UPSTREAM_INVALID',
};

/** The code for a status other than 2xx when nothing else decides. Redirects are never followed: they point to a wrong base URL. */
function codeOfStatus(status: number): ErrorCode {
  if (status >= 500) return 'UPSTREAM_FAULT';
  if (status === 429) return 'UPSTREAM_THROTTLED';
  // Load balancers send it on a kept connection that they close just as the next request arrives.
  if (status === 408) return 'UPSTREAM_TIMEOUT';
  if (status === 401 || status === 403) return 'UPSTREAM_UNAUTHORIZED';
  return status < 400 ? 'UPSTREAM_INVALID' : 'UPSTREAM_REFUSED';
}

export function compileJudge(spec: { readonly outcome?: Outcome | undefined }): Judge {
  const outcome = compileOutcome(spec.outcome);

  const isUnauthorized = ({ status, body }: UpstreamAnswer): boolean =>
    status === 401 ||
    (outcome.hasUnauthorized && status >= 200 && status < 300 && outcome.ofBody(body) === 'unauthorized');

  const judge: Judge['judge'] = (answer, decoded, request) => {
    const { status } = answer;
    const { soapFault, invalid, unreadable } = decoded;

    // SOAP Fault, whatever the status.
    if (soapFault !== undefined) {
      const { fromBus } = soapFault;
      throw failure(codeOfSoapFault(soapFault), answer, request, {
        detail: `SOAP Fault (${soapFault.class}) with status ${status}`,
        ...(fromBus && BUS),
      });
    }

    // HTTP status: the outcome table decides first, then the bus, the connector's isSuccess, and the status itself.
    const byTable = outcome.ofStatus(status);
    if (decoded.isUnverified === true && byTable === 'notFound') {
      throw failure('UPSTREAM_INVALID', answer, request, {
        detail: invalid ?? 'an answer that is not verified',
      });
    }
    if (byTable === 'notFound') return { ...answer, notFound: true };
    if (byTable !== undefined && byTable !== 'success') {
      throw failure(CODE_OF[byTable], answer, request, { detail: `status ${status} by the outcome table` });
    }
    const ofBus = codeOfBus(answer);
    if (ofBus !== undefined) {
      throw failure(ofBus, answer, request, { detail: `error of the bus with status ${status}`, ...BUS });
    }
    const good = status >= 200 && status < 300;
    if (!good && byTable === undefined && !(request.isSuccess?.(answer) ?? false)) {
      throw failure(codeOfStatus(status), answer, request, { detail: `status ${status}` });
    }

    // Readable body.
    if (invalid !== undefined) throw failure('UPSTREAM_INVALID', answer, request, { detail: invalid });

    // Outcome table.
    const verdict = good ? outcome.ofBody(answer.body) : undefined;
    // Readable embedded texts: they may be unreadable only when the body has a code that means a failure.
    if (unreadable !== undefined && (verdict === 'success' || !good || !outcome.finds(answer.body))) {
      throw failure('UPSTREAM_INVALID', answer, request, { detail: unreadable });
    }
    if (verdict === 'notFound') return { ...answer, notFound: true };
    if (verdict !== undefined && verdict !== 'success') {
      throw failure(CODE_OF[verdict], answer, request, { detail: `${verdict} by the outcome table` });
    }

    // The connector's isSuccess on a status of 2xx.
    if (good && request.isSuccess !== undefined && !request.isSuccess(answer)) {
      throw failure('UPSTREAM_REFUSED', answer, request, {
        detail: "unsuccessful by the connector's isSuccess",
      });
    }
    return answer;
  };

  return { judge, isUnauthorized };
}

const BUS = { fault: 'BUS' } as const;

/** A Fault that blames the message is a refusal: the source is healthy, and no breaker opens. */
const codeOfSoapFault = ({ class: kind }: SoapFault): ErrorCode =>
  kind === 'Server' || kind === 'Other' ? 'UPSTREAM_FAULT' : 'UPSTREAM_REFUSED';

interface Cause {
  readonly detail: string;
  readonly fault?: 'BUS';
}

function failure(
  code: ErrorCode,
  answer: UpstreamAnswer,
  request: UpstreamRequest,
  cause: Cause,
): GatewayError {
  const declared = request.describeError?.(answer);
  return new GatewayError(code, {
    ...cause,
    operation: request.operation,
    reason: declared?.message,
    retryAfterMs: parseRetryAfter(answer.headers['retry-after'], answer.fetchedAt, answer.headers.date),
    extensions: { http: { status: answer.status }, ...declared?.extensions },
  });
}

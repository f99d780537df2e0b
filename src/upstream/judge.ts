// Step "judge" of an attempt, the last one: did the source answer, refuse, or fall ill? `upstream.ts` calls it.
// Order: SOAP Fault · HTTP status by the table · error of the bus · HTTP status · readable body · the manifest's outcome table ·
// readable texts inside · the connector's own isSuccess.
// It stands inside the guard, so that a maintenance page with status 200 counts against the breaker.
import { type ErrorCode, GatewayError } from '../errors.ts';
import { codeOfBus } from './bus-fault.ts';
import type { Decoded, SoapFault } from './codecs/contract.ts';
import type { UpstreamAnswer, UpstreamRequest, UpstreamSpec, Verdict } from './contract.ts';
import { compileOutcome } from './outcome.ts';
import { parseRetryAfter } from './retry-after.ts';

export interface Judge {
  /** @returns the answer, with `notFound` where the table says so. @throws GatewayError for everything else. */
  judge(answer: UpstreamAnswer, decoded: Decoded, request: UpstreamRequest): UpstreamAnswer;
  /** Does the answer say that our credentials are not, or no longer, known? Not of a 403: who we are was clear then. */
  isUnauthorized(answer: UpstreamAnswer): boolean;
}

const CODE_OF: Readonly<Record<Exclude<Verdict, 'success' | 'notFound'>, ErrorCode>> = {
  refused: 'UPSTREAM_REFUSED',
  throttled: 'UPSTREAM_THROTTLED',
  unauthorized: 'UPSTREAM_UNAUTHORIZED',
  fault: 'UPSTREAM_FAULT',
  invalid: 'UPSTREAM_INVALID',
};

/** What a status other than 2xx says by itself. A redirect is never followed: an API that sends one is not well set up. */
function codeOfStatus(status: number): ErrorCode {
  if (status >= 500) return 'UPSTREAM_FAULT';
  if (status === 429) return 'UPSTREAM_THROTTLED';
  // Balancers say so of a kept connection that they close, just as the next request reaches it.
  if (status === 408) return 'UPSTREAM_TIMEOUT';
  if (status === 401 || status === 403) return 'UPSTREAM_UNAUTHORIZED';
  return status < 400 ? 'UPSTREAM_INVALID' : 'UPSTREAM_REFUSED';
}

export function compileJudge(spec: Pick<UpstreamSpec, 'outcome'>): Judge {
  const outcome = compileOutcome(spec.outcome);

  const isUnauthorized = ({ status, body }: UpstreamAnswer): boolean =>
    status === 401 ||
    (outcome.tellsUnauthorized && status >= 200 && status < 300 && outcome.ofBody(body) === 'unauthorized');

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

    // HTTP status: the table's word, then the bus's, then the connector's, then HTTP's.
    const byTable = outcome.ofStatus(status);
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
    // Readable texts inside: only a code that is there, and is no success, can do without them.
    if (unreadable !== undefined && (verdict === 'success' || !good || !outcome.finds(answer.body))) {
      throw failure('UPSTREAM_INVALID', answer, request, { detail: unreadable });
    }
    if (verdict === 'notFound') return { ...answer, notFound: true };
    if (verdict !== undefined && verdict !== 'success') {
      throw failure(CODE_OF[verdict], answer, request, { detail: `${verdict} by the outcome table` });
    }

    // The connector's own word on a good status.
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

/** The source is well when it says that the message was wrong: such a Fault is a refusal and opens no breaker. */
const codeOfSoapFault = ({ class: kind }: SoapFault): ErrorCode =>
  kind === 'Server' || kind === 'Other' ? 'UPSTREAM_FAULT' : 'UPSTREAM_REFUSED';

interface Said {
  readonly detail: string;
  readonly fault?: 'BUS';
}

function failure(
  code: ErrorCode,
  answer: UpstreamAnswer,
  request: UpstreamRequest,
  said: Said,
): GatewayError {
  const declared = request.describeError?.(answer);
  return new GatewayError(code, {
    ...said,
    operation: request.operation,
    reason: declared?.message,
    retryAfterMs: parseRetryAfter(answer.headers['retry-after'], answer.fetchedAt),
    extensions: { http: { status: answer.status }, ...declared?.extensions },
  });
}

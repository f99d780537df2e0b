// Asks a running development issuer for the access token of a person, or of the machine client. Used by the start of the gateway, by
// the explorer and by `lienthong token`.

import { AUDIENCE, DEFAULT_SCOPE, DEVELOPER_GRANT, SCOPES, TOOLS_CLIENT } from './names.ts';
import { MACHINE } from './people.ts';

export interface AskedToken {
  /** Id of a person, or `machine`. */
  readonly person: string;
  /** Officer code, personal id, enterprise code or name, in place of the person's own. */
  readonly id?: string | undefined;
  /** Agency code, in place of that of the officer. */
  readonly agency?: string | undefined;
  /** Life of the token, 1 to 1,440. Default: 60. The machine's has its own. */
  readonly minutes?: number | undefined;
  /** Scopes of the machine, separated by spaces. Default: `dossiers:read`. */
  readonly scope?: string | undefined;
}

/** The issuer did not answer, or refused; the message says which. */
export class TokenRequestError extends Error {
  override readonly name = 'TokenRequestError';
  readonly answered: boolean;

  constructor(message: string, answered: boolean, cause?: unknown) {
    super(message, { cause });
    this.answered = answered;
  }
}

const ANSWER_MS = 10_000;

/** @throws TokenRequestError */
export async function requestToken(issuer: string, asked: AskedToken): Promise<string> {
  const { person, id, agency, minutes, scope = DEFAULT_SCOPE } = asked;
  // The issuer would leave an unknown scope out of the token without a word.
  const unknown = scope.split(' ').find((one) => SCOPES.every((known) => known !== one));
  if (unknown !== undefined)
    throw new TokenRequestError(
      `scope: found "${unknown}", expected one or more of ${SCOPES.join(', ')}`,
      true,
    );
  const isMachine = person === 'machine';
  const form: Record<string, string> = isMachine
    ? { grant_type: 'client_credentials', resource: AUDIENCE, scope }
    : {
        grant_type: DEVELOPER_GRANT,
        client_id: TOOLS_CLIENT,
        person,
        ...(id !== undefined && { id }),
        ...(agency !== undefined && { agency }),
        ...(minutes !== undefined && { minutes: String(minutes) }),
      };
  const basic = Buffer.from(`${MACHINE.id}:${MACHINE.secret}`).toString('base64');
  let answer: { access_token?: string; error_description?: string };
  try {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: isMachine ? { authorization: `Basic ${basic}` } : {},
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    answer = (await response.json()) as typeof answer;
  } catch (error) {
    throw new TokenRequestError(`No development issuer answers at ${issuer}.`, false, error);
  }
  if (answer.access_token === undefined)
    throw new TokenRequestError(answer.error_description ?? 'The issuer gave no token.', true);
  return answer.access_token;
}

// Reads as the policy of what leaves the house: first what is shown, then what never is.

import {
  buildSchema,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLScalarType,
  graphql,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { ERRORS, type ErrorCode, GatewayError, type GatewayErrorOptions } from '../../src/errors.ts';
import { problemOf } from '../../src/graph/document-problem.ts';
import { createExecution } from '../../src/graph/execute/execution.ts';
import { formatError, formatProblem } from '../../src/graph/format-error.ts';

const en = { locale: 'en', requestId: 'r-1' } as const;
const SECRET = 'connect ECONNREFUSED 10.1.2.3:8443 https://csdl.example.vn/?token=s3cret 001099012345';

const schema = buildSchema(`
  scalar Day
  type Query { ok: String, fails(first: Int! = 20, day: Day): String }
`);
(schema.getType('Day') as GraphQLScalarType).parseValue = () => {
  throw new TypeError(SECRET);
};
(schema.getType('Day') as GraphQLScalarType).parseLiteral = () => {
  throw new TypeError(SECRET);
};

function resolveFails(_source: unknown, _args: unknown, context: { thrown: unknown }) {
  throw context.thrown;
}
Object.assign((schema.getQueryType() as GraphQLObjectType).getFields().fails ?? {}, {
  resolve: resolveFails,
});

/** The errors of graphql-js, then those of the gateway's executor, for a resolver that throws. */
async function runs(source: string, thrown: unknown, variableValues: Record<string, unknown> = {}) {
  const plain = await graphql({ schema, source, contextValue: { thrown }, variableValues });
  const own = await createExecution(parse(source), null, schema).run({ thrown }, variableValues);
  return [...(plain.errors ?? []), ...(own.errors ?? [])];
}

describe('shown', () => {
  it.each(Object.keys(ERRORS) as ErrorCode[])(
    '%s · as itself · then the text of the table in both languages',
    (code) => {
      const error = new GatewayError(code, { detail: SECRET, cause: new Error(SECRET) });
      for (const locale of ['vi', 'en'] as const) {
        expect(formatError(error, { locale, requestId: 'r-1' })).toEqual({
          message: ERRORS[code].text[locale],
          extensions: {
            code,
            fault: ERRORS[code].fault,
            retryable: ERRORS[code].retryable,
            ...(ERRORS[code].retryable && { retryAfterMs: 1_000 }),
            requestId: 'r-1',
          },
        });
      }
    },
  );

  it('a failed call · with all its details · then connector, operation, fault, retry and breaker', () => {
    const error = new GatewayError('CIRCUIT_OPEN', {
      connector: 'population',
      operation: 'Citizen',
      fault: 'BUS',
      retryAfterMs: 1200.4,
      breaker: 'OPEN',
    });
    expect(formatError(error, { ...en, path: ['dossiers', 0, 'applicant'] })).toEqual({
      message: ERRORS.CIRCUIT_OPEN.text.en,
      path: ['dossiers', 0, 'applicant'],
      extensions: {
        code: 'CIRCUIT_OPEN',
        connector: 'population',
        operation: 'Citizen',
        fault: 'BUS',
        retryable: true,
        retryAfterMs: 1201,
        breaker: 'OPEN',
        requestId: 'r-1',
      },
    });
  });

  it('a failure outside the guard · with the state of the breakers · then with that of its connector', () => {
    const breakerOf = (connector: string) => (connector === 'post' ? 'HALF_OPEN' : undefined);
    const breakerIn = (options: GatewayErrorOptions) =>
      formatError(new GatewayError('UPSTREAM_INVALID', options), { ...en, breakerOf }).extensions?.breaker;
    expect(breakerIn({ connector: 'post' })).toBe('HALF_OPEN');
    expect(breakerIn({ connector: 'post', breaker: 'OPEN' })).toBe('OPEN');
    expect(breakerIn({ connector: 'payment' })).toBeUndefined();
    expect(breakerIn({})).toBeUndefined();
  });

  it('a safe reason · in both languages · then that of the reader', () => {
    const error = new GatewayError('BAD_USER_INPUT', {
      reason: { vi: 'first: phải là số.', en: 'first: a number.' },
    });
    expect(formatError(error, en).message).toBe('The input is not valid. first: a number.');
    expect(formatError(error, { ...en, locale: 'vi' }).message).toBe(
      'Dữ liệu gửi lên không hợp lệ. first: phải là số.',
    );
  });

  it('a safe reason · of any code · then it follows the text', () => {
    const error = new GatewayError('BAD_USER_INPUT', { reason: 'first: found 0, expected 1 to 100.' });
    expect(formatError(error, en).message).toBe('The input is not valid. first: found 0, expected 1 to 100.');
  });

  it("declared extensions · reserved names included · then added, and never in place of the gateway's", () => {
    const extensions = { caseNumber: 'A1', code: 'OK', requestId: 'x', fault: 'CALLER' };
    const shown = formatError(new GatewayError('UPSTREAM_FAULT', { extensions }), en).extensions;
    expect(shown).toMatchObject({
      caseNumber: 'A1',
      code: 'UPSTREAM_FAULT',
      requestId: 'r-1',
      fault: 'PROVIDER',
    });
  });

  it('a gateway error from a resolver · by either executor · then its text at its path and place', async () => {
    const errors = await runs(
      '{ ok other: fails }',
      new GatewayError('STORE_UNAVAILABLE', { detail: SECRET }),
    );
    expect(errors).toHaveLength(2);
    for (const error of errors) {
      expect(formatError(error, en)).toMatchObject({
        message: ERRORS.STORE_UNAVAILABLE.text.en,
        path: ['other'],
        locations: [{ line: 1, column: 6 }],
        extensions: { code: 'STORE_UNAVAILABLE' },
      });
    }
  });

  it('a variable of the wrong type · then the text about the variable, without the value', async () => {
    const errors = await runs('query ($n: Int!) { fails(first: $n) }', null, { n: 'many' });
    expect(errors).toHaveLength(2);
    for (const error of errors) {
      expect(formatError(error, en)).toMatchObject({
        message: 'Variable "$n" has an invalid value: Int cannot represent a non-integer value.',
        extensions: { code: 'BAD_USER_INPUT' },
      });
      expect(formatError(error, { ...en, locale: 'vi' }).message).toBe(
        'Biến "$n" có giá trị không hợp lệ: Int chỉ nhận số nguyên.',
      );
    }
  });

  it('null for an argument that needs a value · at execution · then the text about the argument', async () => {
    const result = await graphql({
      schema,
      source: 'query ($n: Int = 3) { fails(first: $n) }',
      variableValues: { n: null },
    });
    expect(formatError(result.errors?.[0], en)).toMatchObject({
      message: 'Argument "first" of non-null type "Int!" must not be null.',
      path: ['fails'],
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});

describe('never shown', () => {
  const strangers: [string, unknown][] = [
    ['an Error', new Error(SECRET)],
    ['a TypeError', new TypeError(SECRET)],
    ['a string', SECRET],
    ['undefined', undefined],
    ['null', null],
    ['an object with a message', { message: SECRET, extensions: { code: 'BAD_USER_INPUT' } }],
    ['a GraphQLError without a code', new GraphQLError(SECRET)],
    [
      'a GraphQLError with an unknown code',
      new GraphQLError(SECRET, { extensions: { code: 'constructor', host: SECRET } }),
    ],
    ['a GraphQLError around an Error', new GraphQLError(SECRET, { originalError: new Error(SECRET) })],
    [
      'a failure to make the context',
      new GraphQLError(`Context creation failed: ${SECRET}`, { originalError: new Error(SECRET) }),
    ],
  ];

  it.each(strangers)('%s · by itself · then only that the gateway failed', (_what, error) => {
    const seen: unknown[] = [];
    const shown = formatError(error, { ...en, onMasked: (masked) => seen.push(masked) });
    expect(shown).toEqual({
      message: ERRORS.INTERNAL_SERVER_ERROR.text.en,
      extensions: { code: 'INTERNAL_SERVER_ERROR', fault: 'GATEWAY', retryable: false, requestId: 'r-1' },
    });
    expect(seen).toEqual([error]);
  });

  it.each([
    ['an Error', new Error(SECRET)],
    [
      'a GraphQLError that claims to be bad input',
      new GraphQLError(SECRET, { extensions: { code: 'BAD_USER_INPUT' } }),
    ],
    ['a GraphQLError with a text like that of an argument', new GraphQLError(`Argument "${SECRET}"`)],
    ['an error with extensions', Object.assign(new Error(SECRET), { extensions: { host: SECRET } })],
  ])(
    '%s · thrown by a resolver, in either executor · then only that the gateway failed',
    async (_what, thrown) => {
      const errors = await runs('{ fails }', thrown);
      expect(errors).toHaveLength(2);
      for (const error of errors) {
        const shown = formatError(error, en);
        expect(shown.path).toEqual(['fails']);
        expect(shown.extensions?.code).toBe('INTERNAL_SERVER_ERROR');
        expect(JSON.stringify(shown)).not.toMatch(/ECONNREFUSED|csdl|s3cret|001099012345/);
      }
    },
  );

  it('the text of a scalar that threw · for a variable or a literal · then only the name of the input', async () => {
    const byVariable = await runs('query ($d: Day) { fails(day: $d) }', null, { d: 'x' });
    const byLiteral = validate(schema, parse('{ fails(day: "x") }'));
    expect(byVariable).toHaveLength(2);
    expect(byLiteral).toHaveLength(1);
    expect(formatError(byVariable[0], en).message).toBe('Variable "$d" has an invalid value.');
    for (const error of [...byVariable, ...byLiteral]) {
      expect(JSON.stringify(formatError(error, en))).not.toMatch(/ECONNREFUSED|csdl|s3cret/);
    }
    const problem = problemOf(byLiteral[0] as GraphQLError, 'GRAPHQL_VALIDATION_FAILED');
    expect(formatProblem(problem, en)).toMatchObject({
      message: ERRORS.GRAPHQL_VALIDATION_FAILED.text.en,
      locations: [{ line: 1, column: 14 }],
    });
  });

  it('stack, cause and detail · of any error · then not published', () => {
    const error = new GatewayError('UPSTREAM_FAULT', { detail: SECRET, cause: new Error(SECRET) });
    const sent = JSON.stringify(formatError(error, en));
    expect(sent).not.toMatch(/stack|cause|ECONNREFUSED/);
  });
});

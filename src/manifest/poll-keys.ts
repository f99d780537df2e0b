// The keys of `connector.yaml` for operations that a source makes asynchronously.
import { z } from 'zod';
import { about, text } from '../manifest-keys.ts';

export const poll = z
  .strictObject({
    statuses: z
      .array(z.number().int().min(200).max(299))
      .default([202])
      .meta(about('HTTP statuses that mean that there is no result yet.', [202])),
    idAt: text.optional().meta(
      about('Dotted path of the id of the operation in the first answer.', 'job.id', {
        whenAbsent: 'the `Location` header of the answer is asked',
      }),
    ),
    path: z
      .string()
      .regex(/^\/[^?#]*\{id\}/, 'a path with {id}, such as /jobs/{id}')
      .optional()
      .meta(
        about('Path below the base URL that is asked, with `{id}` in it.', '/jobs/{id}', {
          whenAbsent: 'the `Location` header of the answer is asked',
        }),
      ),
    stateAt: text.optional().meta(
      about('Dotted path of the state in the answers.', 'job.state', {
        whenAbsent: 'the HTTP status alone decides',
      }),
    ),
    pending: z
      .array(text)
      .default([])
      .meta(about('States that mean that there is no result yet.', ['QUEUED', 'RUNNING'])),
    failed: z
      .array(text)
      .default([])
      .meta(about('States that mean that the operation has failed: UPSTREAM_REFUSED.', ['FAILED'])),
    intervalMs: z
      .number()
      .int()
      .min(10)
      .max(60_000)
      .default(1000)
      .meta(
        about('Time between two polls, unless the source names one by `Retry-After`.', 500, { unit: 'ms' }),
      ),
    maxPolls: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(30)
      .meta(about('Polls at most.', 30, { unit: 'calls' })),
  })
  .refine(({ idAt, path }) => (idAt === undefined) === (path === undefined), 'idAt and path belong together')
  .refine(
    ({ stateAt, pending, failed }) => stateAt !== undefined || pending.length + failed.length === 0,
    'pending and failed need stateAt',
  )
  .optional()
  .meta(
    about(
      'The source makes the operation asynchronously: the attempt waits for the result, within its `attemptTimeoutMs`. Only hosts of the connector are asked.',
      {
        idAt: 'job.id',
        path: '/jobs/{id}',
        stateAt: 'job.state',
        pending: ['QUEUED', 'RUNNING'],
        failed: ['FAILED'],
      },
      { whenAbsent: 'the first answer is the result' },
    ),
  );

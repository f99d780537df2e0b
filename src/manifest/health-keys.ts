// The keys of `connector.yaml` for the status of a connector: from which share of missing or late answers it is ill.
import { z } from 'zod';
import { about, milliseconds } from '../manifest-keys.ts';

const share = z.number().gt(0).max(1);

const health = z
  .strictObject({
    minimumCalls: z
      .number()
      .int()
      .min(2)
      .max(20)
      .default(5)
      .meta(
        about(
          'Answers before the shares below are judged. In a minute with fewer, the newest ones of any age are judged.',
          5,
          { unit: 'calls' },
        ),
      ),
    degradedShare: share.default(0.1).meta(
      about(
        'Share of missing or late answers in the last minute at which the status is DEGRADED; two at least.',
        0.1,
        {
          unit: 'share',
        },
      ),
    ),
    unavailableShare: share.default(0.9).meta(
      about('Share of missing answers in the last minute at which the status is UNAVAILABLE.', 0.9, {
        unit: 'share',
      }),
    ),
    lateMs: milliseconds.optional().meta(
      about('A caller that waits this long for an answer, queues and retries included, has it late.', 800, {
        whenAbsent: "`breaker.slowCallMs`, else half of the operation's `attemptTimeoutMs`",
      }),
    ),
  })
  .refine(
    ({ degradedShare, unavailableShare }) => degradedShare <= unavailableShare,
    'degradedShare must not be over unavailableShare',
  )
  .prefault({})
  .meta(
    about('When the connector counts as ill. It follows what callers got in the last minute.', {
      degradedShare: 0.1,
      lateMs: 800,
    }),
  );

export const healthKeys = { health };

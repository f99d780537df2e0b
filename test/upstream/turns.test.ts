import { expect, it } from 'vitest';
import { createTurns } from '../../src/upstream/turns.ts';

it('work beyond the limit · waits its turn, in order, also behind work that failed', async () => {
  const turns = createTurns(2);
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const outcomes = Array.from({ length: 5 }, (_, i) =>
    turns
      .run(
        () =>
          new Promise<number>((resolve, reject) => {
            begun.push(i);
            ends[i] = (error) => (error === undefined ? resolve(i) : reject(error));
          }),
      )
      .catch((error: Error) => error.message),
  );
  await expect.poll(() => begun).toEqual([0, 1]);
  ends[1]?.(new Error('broken'));
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  ends[0]?.();
  ends[2]?.();
  await expect.poll(() => begun).toEqual([0, 1, 2, 3, 4]);
  ends[3]?.();
  ends[4]?.();
  expect(await Promise.all(outcomes)).toEqual([0, 'broken', 2, 3, 4]);
});

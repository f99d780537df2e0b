// The clock of a source, by the Date header of answers that refused or failed: sources reject signatures of another time.
import { describe, expect, it } from 'vitest';
import { anUpstream, aRequest, aSource, live } from './a-source.ts';

describe('the clock of a source', () => {
  it.each([
    ['five minutes behind', 401, -300_000],
    ['five minutes ahead', 403, 300_000],
    ['right', 401, 0],
  ])(
    '%s · answers %d · then the distance is known, within the second of a Date header',
    async (_, status, aheadMs) => {
      const source = await aSource((response) => {
        const date = new Date(Date.now() + aheadMs).toUTCString();
        response.writeHead(status, { date, 'content-type': 'application/json' }).end('{}');
      });
      const upstream = anUpstream({});
      await expect(upstream.attempt(aRequest(source.origin), live())).rejects.toThrow();
      const skewMs = upstream.clockSkewMs() ?? Number.NaN;
      expect(Math.abs(skewMs + aheadMs)).toBeLessThan(5_000);
    },
  );

  it('a good answer, or one without a Date · then nothing is known', async () => {
    let status = 200;
    const source = await aSource((response) => {
      response.sendDate = status === 200;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
    const upstream = anUpstream({});
    await upstream.attempt(aRequest(source.origin), live());
    expect(upstream.clockSkewMs()).toBeUndefined();
    status = 401;
    await expect(upstream.attempt(aRequest(source.origin), live())).rejects.toThrow();
    expect(upstream.clockSkewMs()).toBeUndefined();
  });
});

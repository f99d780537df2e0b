// Whatever sets them, headers of the connection and of the host are those of the transport.
import { expect, it } from 'vitest';
import { anUpstream, aRequest, aSource, json, live } from './a-source.ts';

it.each(['Host', 'Proxy-Authorization', 'Forwarded', 'TE', 'Upgrade', 'Trailer', 'Expect'])(
  'credentials.name: %s · sent · the source does not receive it',
  async (name) => {
    const source = await aSource(json({}));
    const credentials = { type: 'header', name, value: () => 'evil.example' } as const;
    await anUpstream({ credentials }).attempt(aRequest(source.origin), live());
    expect(JSON.stringify(source.asked[0]?.headers)).not.toContain('evil.example');
    expect(source.asked[0]?.headers.host).toBe(new URL(source.origin).host);
  },
);

it('a request that sets the host itself · sent · to the host of its URL', async () => {
  const source = await aSource(json({}));
  const request = { ...aRequest(source.origin), headers: { host: 'evil.example', 'x-own': '1' } };
  await anUpstream().attempt(request, live());
  expect(source.asked[0]?.headers).toMatchObject({ host: new URL(source.origin).host, 'x-own': '1' });
});

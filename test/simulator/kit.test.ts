// The simulator kit over sockets: what each fault does to a caller, what the call log tells, how it starts and stops.
import { HttpResponse, http } from 'msw';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineSimulator, type RunningSimulator, startSimulator } from '../../src/simulator/kit.ts';
import { aCity, ask } from '../connectors/a-simulator.ts';

const city = aCity(5);
const definition = defineSimulator({
  id: 'sample',
  secrets: { SAMPLE_SECRET: 'own', SAMPLE_USER: 'own' },
  signInPaths: ['/token'],
  create: ({ secrets, baseUrl }) => ({
    handlers: [
      http.post('/token', () => HttpResponse.json({ token: secrets.SAMPLE_SECRET })),
      http.get('/thing', () => HttpResponse.json({ baseUrl, text: 'x'.repeat(200) })),
      http.post('/echo', async ({ request: sent }) => HttpResponse.text(await sent.text())),
      http.get('/broken', () => {
        throw new Error('a defect');
      }),
    ],
  }),
});

let simulator: RunningSimulator;
beforeEach(async () => {
  simulator = await startSimulator(definition, { port: 0, city });
});
afterEach(() => simulator.close());

const get = (path = '/thing', signal?: AbortSignal) => ask(simulator.url + path, signal ? { signal } : {});
const setFaults = (value: unknown) =>
  ask(`${simulator.url}/__faults`, {
    method: 'POST',
    body: typeof value === 'string' ? value : JSON.stringify(value),
  });

/** Resolves when the last call has met this fault. */
async function called(fault: string): Promise<void> {
  while (simulator.calls().last.at(-1)?.fault !== fault)
    await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('serving', () => {
  it('a healthy simulator · answers by its handlers, with its own address and the whole body', async () => {
    const { status, type, text } = await get();
    expect([status, type]).toEqual([200, 'application/json']);
    expect(JSON.parse(text).baseUrl).toBe(simulator.url);
    const body = 'Đặng Thị Ánh '.repeat(5000);
    expect((await ask(`${simulator.url}/echo`, { method: 'POST', body })).text).toBe(body);
  });

  it('an unknown path · 404; a defect in a handler · 500, nothing of it in the text', async () => {
    expect(await get('/none?personalId=001099900001')).toMatchObject({
      status: 404,
      text: 'No such operation: /none\n',
    });
    const broken = await get('/broken');
    expect(broken.status).toBe(500);
  });

  it('a body over 1 MiB · 413', async () => {
    const body = 'x'.repeat(1_048_577);
    expect((await ask(`${simulator.url}/echo`, { method: 'POST', body })).status).toBe(413);
  });

  it('secrets of the environment · replace its own, name by name', async () => {
    const other = await startSimulator(definition, {
      port: 0,
      city,
      secrets: { SAMPLE_SECRET: 'given', OTHER: 'x' },
    });
    expect(other.secrets).toEqual({ SAMPLE_SECRET: 'given', SAMPLE_USER: 'own' });
    const answer = await ask(`${other.url}/token`, { method: 'POST' });
    expect(JSON.parse(answer.text).token).toBe('given');
    await other.close();
  });

  it('a port in use · one sentence with the way out', async () => {
    await expect(startSimulator(definition, { port: simulator.port, city })).rejects.toThrow(
      `The simulator "sample" cannot listen on 127.0.0.1:${simulator.port}: the port is in use. Stop the program that uses it, or choose another port.`,
    );
  });
});

describe('faults', () => {
  it('latencyMs · answers after that time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      simulator.faults({ latencyMs: 60_000 });
      const answer = get();
      await called('latency');
      vi.advanceTimersByTime(59_999);
      expect(simulator.calls().last[0]?.status).toBeNull();
      vi.advanceTimersByTime(1);
      expect((await answer).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it('status · that status, no data', async () => {
    await setFaults({ status: 503 });
    expect(await get()).toMatchObject({ status: 503, text: 'Simulated fault.\n' });
  });

  it('garbage · 200 with an HTML page', async () => {
    await setFaults({ garbage: true });
    const { status, type, text } = await get();
    expect([status, type]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('<!DOCTYPE html>');
  });

  it('reset · headers arrive, the body is cut', async () => {
    await setFaults({ reset: true });
    const { statusCode, headers, body } = await request(`${simulator.url}/thing`);
    expect(statusCode).toBe(200);
    expect(Number(headers['content-length'])).toBeGreaterThan(200);
    await expect(body.text()).rejects.toThrow();
  });

  it('hang · no answer until the fault ends, then the real one', async () => {
    await setFaults({ hang: true });
    let isAnswered = false;
    const answer = get().finally(() => {
      isAnswered = true;
    });
    await called('hang');
    // Calls that came later are answered, this one is not.
    expect((await request(`${simulator.url}/__calls`)).statusCode).toBe(200);
    expect(isAnswered).toBe(false);
    expect(simulator.calls().last[0]).toMatchObject({ status: null, fault: 'hang' });
    await setFaults({});
    expect((await answer).status).toBe(200);
  });

  it('hang, then the caller disconnects · the simulator drops the call', async () => {
    simulator.faults({ hang: true });
    const gone = new AbortController();
    const answer = get('/thing', gone.signal);
    answer.catch(() => {});
    await called('hang');
    gone.abort();
    await expect(answer).rejects.toThrow();
    simulator.faults({});
    expect((await get()).status).toBe(200);
  });

  it('hang, then close · hanging sockets end, too', async () => {
    simulator.faults({ hang: true });
    const answer = get();
    answer.catch(() => {});
    await called('hang');
    await simulator.close();
    await expect(answer).rejects.toThrow();
  });

  it('count · only the next calls', async () => {
    await setFaults({ status: 500, count: 2 });
    const statuses = [(await get()).status, (await get()).status, (await get()).status];
    expect(statuses).toEqual([500, 500, 200]);
  });

  it('rate · about that share, the same calls each time', async () => {
    const round = async () => {
      await setFaults({ status: 500, rate: 0.3 });
      const hits = [];
      for (let i = 0; i < 60; i += 1) hits.push((await get()).status === 500);
      return hits;
    };
    const first = await round();
    expect(await round()).toEqual(first);
    expect(first.filter(Boolean).length).toBeGreaterThan(8);
    expect(first.filter(Boolean).length).toBeLessThan(30);
  });

  it('only data · excludes the token endpoint', async () => {
    await setFaults({ status: 500, only: 'data' });
    expect((await ask(`${simulator.url}/token`, { method: 'POST' })).status).toBe(200);
    expect((await get()).status).toBe(500);
    await setFaults({ status: 500 });
    expect((await ask(`${simulator.url}/token`, { method: 'POST' })).status).toBe(500);
  });

  it('an empty object · ends the faults; GET returns the faults in force', async () => {
    await setFaults({ status: 500 });
    expect(JSON.parse((await get('/__faults')).text)).toEqual({ faults: { status: 500 } });
    await setFaults({});
    expect((await get()).status).toBe(200);
  });

  it.each([
    ['an unknown field', { latency: 5 }, 'Unrecognized key: "latency"'],
    ['a rate above 1', { rate: 2 }, 'Too big'],
    ['a text for a number', { latencyMs: '5' }, 'expected number'],
    ['not JSON', '{', 'not JSON'],
  ])('%s · 400 with what is expected, and nothing changes', async (_, value, part) => {
    const { status, text } = await setFaults(value);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ expected: { latencyMs: expect.stringContaining('0–600000') } });
    expect(text.replaceAll('\\"', '"')).toContain(part);
    expect((await get()).status).toBe(200);
  });
});

describe('calls', () => {
  it('calls received · counts and the last ones, without query, body or control calls', async () => {
    await get('/thing?personalId=001099900001');
    await get('/thing');
    await ask(`${simulator.url}/echo`, { method: 'POST', body: 'secret' });
    await get('/__faults');
    const { text } = await get('/__calls');
    const report = JSON.parse(text);
    expect(report.total).toBe(3);
    expect(report.counts).toEqual({ 'GET /thing': 2, 'POST /echo': 1 });
    expect(report.last[0]).toMatchObject({ method: 'GET', path: '/thing', status: 200, fault: null });
    expect(text).not.toMatch(/personalId|001099900001|secret/);
  });

  it('an id in a path · not stored', async () => {
    await get('/people/001099900001/cards');
    expect(Object.keys(simulator.calls().counts)).toEqual(['GET /people/{id}/cards']);
    expect(simulator.calls().last[0]?.path).toBe('/people/{id}/cards');
  });

  it('DELETE and resetCalls · start from zero', async () => {
    await get();
    await ask(`${simulator.url}/__calls`, { method: 'DELETE' });
    expect(simulator.calls()).toEqual({ total: 0, counts: {}, last: [] });
    await get();
    simulator.resetCalls();
    expect(simulator.calls().total).toBe(0);
  });

  it('many calls on many paths · bounded', async () => {
    for (let i = 0; i < 230; i += 1) await get(`/p${i}`);
    const { total, counts, last } = simulator.calls();
    expect(total).toBe(230);
    expect(last).toHaveLength(200);
    expect(Object.keys(counts)).toHaveLength(201);
    expect(counts['(others)']).toBe(30);
  });
});

// The control paths of a simulator: `/__faults` sets faults, `/__calls` returns the calls that it received.
import type { CallLog } from './call-log.ts';
import { jsonReply, type Reply } from './exchange.ts';
import { FAULT_FIELDS, type Faults, parseFaults } from './faults.ts';

/** Null when the path is not a control path. */
export function control(
  method: string,
  path: string,
  body: Buffer,
  faults: Faults,
  calls: CallLog,
): Reply | null {
  if (path === '/__faults') return controlFaults(method, body, faults);
  if (path === '/__calls') return controlCalls(method, calls);
  return null;
}

function controlFaults(method: string, body: Buffer, faults: Faults): Reply {
  if (method === 'GET') return jsonReply(200, { faults: faults.current() });
  if (method !== 'POST') return jsonReply(405, { error: 'Expected GET or POST.' });
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return jsonReply(400, { error: 'The body is not JSON.', expected: FAULT_FIELDS });
  }
  const parsed = parseFaults(value);
  if (!parsed.ok) {
    return jsonReply(400, {
      error: 'The faults are wrong.',
      problems: parsed.problems,
      expected: FAULT_FIELDS,
    });
  }
  faults.set(parsed.settings);
  return jsonReply(200, { faults: parsed.settings });
}

function controlCalls(method: string, calls: CallLog): Reply {
  if (method === 'DELETE') calls.reset();
  else if (method !== 'GET') return jsonReply(405, { error: 'Expected GET or DELETE.' });
  return jsonReply(200, calls.report());
}

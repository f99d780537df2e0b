// Serves the MSW handlers of a simulator over a loopback socket, because MSW does not intercept undici's own transport. Each
// call is a control call, or passes through: record → faults → handlers → answer.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getResponse, type RequestHandler } from 'msw';
import type { City } from '../city/contract.ts';
import { applyFault } from './apply-fault.ts';
import { type CallReport, createCallLog } from './call-log.ts';
import { control } from './control.ts';
import type { SimulatorDefinition } from './define.ts';
import {
  MAX_BODY_BYTES,
  type Reply,
  readBody,
  send,
  sendHalf,
  textReply,
  toReply,
  toRequest,
} from './exchange.ts';
import { createFaults, type FaultSettings, parseFaults } from './faults.ts';

export interface StartOptions {
  /** 0 selects any free port. */
  readonly port: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  readonly city: City;
  /** The current time in epoch milliseconds. Default: the system clock. */
  readonly now?: () => number;
  /** Values of the environment that replace the secrets of the definition, by name. */
  readonly secrets?: Readonly<Record<string, string | undefined>>;
}

export interface RunningSimulator {
  readonly id: string;
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** The secrets in use, by the name of their environment variable. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Sets the faults; `{}` removes them. @throws TypeError when a field is wrong */
  faults(settings: FaultSettings): void;
  calls(): CallReport;
  resetCalls(): void;
  /** Stops at once and closes hanging connections. */
  close(): Promise<void>;
}

/** A simulator could not start. The message is one sentence with the reason and the remedy. */
export class SimulatorStartError extends Error {
  override readonly name = 'SimulatorStartError';
}

/** Starts to listen. @throws SimulatorStartError when the port is in use or not permitted */
export async function startSimulator(
  definition: SimulatorDefinition,
  options: StartOptions,
): Promise<RunningSimulator> {
  const { host = '127.0.0.1', now = Date.now, city } = options;
  const secrets = mergeSecrets(definition.secrets, options.secrets ?? {});
  const calls = createCallLog(now);
  const faults = createFaults();
  const closing = new AbortController();
  const signInPaths = new Set(definition.signInPaths ?? []);
  let handlers: RequestHandler[] = [];
  let baseUrl = '';

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET';
    const target = request.url ?? '/';
    const path = target.split('?', 1)[0] as string;
    const body = await readBody(request);
    if (body === null) {
      send(response, textReply(413, `The body is over ${MAX_BODY_BYTES} bytes.\n`));
      return;
    }

    // control
    const controlled = control(method, path, body, faults, calls);
    if (controlled !== null) {
      send(response, controlled);
      return;
    }

    // record
    const call = calls.add(method, path);

    // faults
    const fault = faults.draw(signInPaths.has(path));
    const faulty = fault === null ? null : await applyFault(fault, call, response, faults, closing.signal);
    if (faulty === 'GONE') return;

    // handlers
    const reply =
      faulty ?? (await handle(handlers, toRequest(request, baseUrl + target, body), baseUrl, path));

    // answer
    call.recordStatus(reply.status);
    if (fault?.reset === true && !fault.hang) sendHalf(response, reply);
    else send(response, reply);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      // A defect of the simulator or a closed connection: a client that is still connected receives a plain 500.
      if (response.headersSent) response.destroy();
      else send(response, textReply(500, 'The simulator failed.\n'));
    });
  });
  // Clients keep idle connections; closing them early would look like a network fault.
  server.keepAliveTimeout = 120_000;

  await listen(server, definition.id, options.port, host);
  const { port } = server.address() as AddressInfo;
  baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  handlers = definition.create({ city, now, baseUrl, secrets }).handlers;

  return {
    id: definition.id,
    url: baseUrl,
    port,
    secrets,
    faults(value) {
      const parsed = parseFaults(value);
      if (!parsed.ok)
        throw new TypeError(parsed.problems.map((row) => `${row.field}: ${row.problem}`).join('; '));
      faults.set(parsed.settings);
    },
    calls: () => calls.report(),
    resetCalls: () => calls.reset(),
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  handlers: RequestHandler[],
  request: Request,
  baseUrl: string,
  path: string,
): Promise<Reply> {
  const response = await getResponse(handlers, request, { baseUrl, quiet: true });
  return response === undefined ? textReply(404, `No such operation: ${path}\n`) : toReply(response);
}

const mergeSecrets = (
  own: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> =>
  Object.fromEntries(Object.entries(own).map(([name, value]) => [name, given[name] ?? value]));

function listen(
  server: ReturnType<typeof createServer>,
  id: string,
  port: number,
  host: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'the port is in use. Stop the program that uses it, or choose another port'
          : `the system refuses it (${error.code ?? 'unknown reason'}). Choose another host or port`;
      reject(new SimulatorStartError(`The simulator "${id}" cannot listen on ${host}:${port}: ${why}.`));
    });
    server.listen(port, host, resolve);
  });
}

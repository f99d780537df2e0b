// Opens the sockets of a source: with checked addresses, and over TLS with the current certificates. Runs once per new socket,
// never for a call on an open one.
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { GatewayError } from '../errors.ts';
import type { Addresses } from './addresses.ts';
import type { Tls } from './contract.ts';

/** Limit for connecting, the TLS handshake included. */
const CONNECT_TIMEOUT_MS = 5_000;

export interface Connector {
  readonly connect: buildConnector.connector;
  /** The certificate that each host presented at its last handshake. */
  readonly certificates: () => readonly X509Certificate[];
}

/**
 * A renewed certificate takes effect without a restart: the files are read at each new socket, which is cheap beside a handshake,
 * and a new connector with its own session cache is created only when they changed.
 * @param http2 offers HTTP/2 to sources over TLS
 */
export function createConnector(
  { lookup }: Pick<Addresses, 'lookup'>,
  tls: Tls | undefined,
  http2: boolean,
): Connector {
  const always = {
    lookup,
    allowH2: http2,
    preferH2: http2,
    timeout: CONNECT_TIMEOUT_MS,
    // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED in the environment cannot disable the check.
    rejectUnauthorized: true,
  } as const;
  const seen = new Map<string, X509Certificate>();
  let text = '';
  let current: buildConnector.connector | undefined;

  const currentConnector = (): buildConnector.connector => {
    if (tls === undefined) {
      current ??= buildConnector(always);
      return current;
    }
    const parts = [tls.cert?.(), tls.key?.(), tls.ca?.(), tls.passphrase?.()];
    const found = JSON.stringify(parts);
    if (current === undefined || found !== text) {
      const [cert, key, ca, passphrase] = parts;
      const servername = tls.serverName;
      current = buildConnector({ ...always, ...defined({ cert, key, ca, passphrase, servername }) });
      text = found;
    }
    return current;
  };

  return {
    connect: (options, callback) => {
      try {
        // Returns the opening socket, so that it can be closed before it is open.
        return currentConnector()(options, (...result) => {
          const [, socket] = result;
          if (socket instanceof TLSSocket) {
            const certificate = socket.getPeerX509Certificate();
            if (certificate !== undefined) seen.set(options.hostname, certificate);
          }
          callback(...result);
        });
      } catch (error) {
        callback(error instanceof GatewayError ? error : unusable(), null);
      }
    },
    certificates: () => [...seen.values()],
  };
}

const unusable = (): GatewayError =>
  new GatewayError('UPSTREAM_UNAUTHORIZED', {
    detail:
      'the certificate or key of this source cannot be used; expected PEM text, the key fitting the certificate, in tls.cert and tls.key',
  });

const defined = <T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

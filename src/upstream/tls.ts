// How a source's sockets are opened: with checked addresses, and over TLS with the certificates of the moment.
// `transport.ts` makes one per source, the client pool calls it for each new socket, and never for a call on an open one.
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { GatewayError } from '../errors.ts';
import type { Addresses } from './addresses.ts';
import type { Tls } from './contract.ts';

/** Also the limit for the TLS handshake. */
const CONNECT_TIMEOUT_MS = 5_000;

export interface Connector {
  readonly connect: buildConnector.connector;
  /** What each host showed at its last handshake. */
  readonly certificates: () => readonly X509Certificate[];
}

/**
 * A renewed certificate needs no restart: its files are read at each new socket, which costs microseconds beside a handshake, and
 * a new connector (with a session cache of its own) is made only when they changed.
 * @param http2 is HTTP/2 offered to sources over TLS?
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
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED in some environment cannot unsay it for the systems that hold people's data.
    rejectUnauthorized: true,
  } as const;
  const seen = new Map<string, X509Certificate>();
  let text = '';
  let current: buildConnector.connector | undefined;

  const ofTheMoment = (): buildConnector.connector => {
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
        // The socket that it began, for whoever gives up before it is open.
        return ofTheMoment()(options, (...result) => {
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

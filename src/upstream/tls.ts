// Opens the sockets of a source: with checked addresses, and over TLS with the current certificates. Runs once per new socket,
// never for a call on an open one.
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { Addresses } from './addresses.ts';
import type { CertificateSet, OwnCertificate } from './own-certificate.ts';

/** Limit for connecting, the TLS handshake included. */
const CONNECT_TIMEOUT_MS = 5_000;

export interface Connector {
  readonly connect: buildConnector.connector;
  /** The certificate that each host presented at its last handshake. */
  readonly certificates: () => readonly X509Certificate[];
  /** Code of TLS by which the last handshake refused the source's certificate, e.g. `CERT_HAS_EXPIRED`; none after a handshake that succeeded. */
  readonly certificateError: () => string | undefined;
}

/**
 * A renewed certificate takes effect without a restart: the files are read at each new socket, which is cheap beside a handshake,
 * and a new connector with its own session cache is created only when they changed.
 * @param own our certificate, if the manifest has `tls`
 * @param http2 offers HTTP/2 to sources over TLS
 */
export function createConnector(
  { lookup }: Pick<Addresses, 'lookup'>,
  own: OwnCertificate | undefined,
  serverName: string | undefined,
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
  let set: CertificateSet | undefined;
  let refused: string | undefined;
  let current: buildConnector.connector | undefined;

  const currentConnector = (): buildConnector.connector => {
    const found = own?.current();
    if (current === undefined || found !== set) {
      current = buildConnector({ ...always, ...defined({ ...found, servername: serverName }) });
      set = found;
    }
    return current;
  };

  return {
    connect: (options, callback) => {
      try {
        // Returns the opening socket, so that it can be closed before it is open.
        return currentConnector()(options, (...result) => {
          const [error, socket] = result;
          refused = error === null ? undefined : (certificateCode(error) ?? refused);
          if (socket instanceof TLSSocket) {
            const certificate = socket.getPeerX509Certificate();
            if (certificate !== undefined) seen.set(options.hostname, certificate);
          }
          callback(...result);
        });
      } catch (error) {
        callback(error as Error, null);
      }
    },
    certificates: () => [...seen.values()],
    certificateError: () => refused,
  };
}

/** Codes by which OpenSSL and Node refuse a certificate. */
const CERTIFICATE_CODE =
  /^(CERT_|ERR_TLS_CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH)[A-Z_]*$/;

function certificateCode(error: Error): string | undefined {
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' && CERTIFICATE_CODE.test(code) ? code : undefined;
}

const defined = <T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

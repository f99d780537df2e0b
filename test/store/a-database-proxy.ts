// A TCP proxy before a PostgreSQL server, which fails as networks and servers do.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * `PASS`: bytes are forwarded. `SILENT`: connections are accepted and nothing is forwarded until the mode ends. `REFUSE`: new
 * connections are closed at once.
 */
export type Mode = 'PASS' | 'SILENT' | 'REFUSE';

export interface DatabaseProxy {
  /** The URL of the database through this proxy. */
  readonly url: string;
  readonly hostAndPort: string;
  mode(next: Mode): void;
  /** Closes every connection now. */
  cut(): void;
  /** Whatever the open connections send from now on is lost; new connections work. */
  lose(): void;
  /** Delay of everything the server sends, in milliseconds. */
  slow(ms: number): void;
  close(): Promise<void>;
}

export async function aDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  let mode: Mode = 'PASS';
  let delayMs = 0;
  interface Pair {
    readonly inner: Socket;
    readonly outer: Socket;
    isLost: boolean;
  }
  const pairs = new Set<Pair>();

  const forward = (pair: Pair, from: Socket, to: Socket, isAnswer: boolean) => {
    from.on('data', (bytes) => {
      const send = () => {
        if (pair.isLost || to.destroyed) return;
        if (mode === 'SILENT') setTimeout(send, 20);
        else to.write(bytes);
      };
      if (isAnswer && delayMs > 0) setTimeout(send, delayMs);
      else send();
    });
    from.on('error', () => {});
    from.on('close', () => {
      pairs.delete(pair);
      if (!pair.isLost) to.destroy();
    });
  };

  const server = createServer((outer) => {
    if (mode === 'REFUSE') {
      outer.destroy();
      return;
    }
    const inner = connect(Number(target.port || 5432), target.hostname);
    const pair = { inner, outer, isLost: false };
    pairs.add(pair);
    forward(pair, outer, inner, false);
    forward(pair, inner, outer, true);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);

  const cut = () => {
    for (const { inner, outer } of pairs) {
      inner.destroy();
      outer.destroy();
    }
  };
  return {
    url: url.href,
    hostAndPort: url.host,
    mode: (next) => {
      mode = next;
    },
    cut,
    lose: () => {
      for (const pair of pairs) pair.isLost = true;
    },
    slow: (ms) => {
      delayMs = ms;
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

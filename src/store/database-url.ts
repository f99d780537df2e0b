// `DATABASE_URL`: one server, or several of which one accepts writes, as libpq reads it:
// `postgres://user:password@host1:5432,host2:5432/name`.
import { StoreStartError } from './start-error.ts';

export interface DatabaseUrl {
  /** Host, port and name, for people. Contains no password. */
  readonly where: string;
  /** Startup options of the URL, which would otherwise replace those of the gateway. */
  readonly options: string;
  readonly servers: Servers;
}

/** The servers of the database; a new connection is made to the current one. */
export interface Servers {
  readonly count: number;
  /** The URL of the server that is tried next. */
  readonly current: () => string;
  /** Continues with the next server, where `url` is still the current one. */
  readonly skip: (url: string) => void;
}

const SHAPE = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/is;

/** @throws StoreStartError that says what is expected */
export function readDatabaseUrl(databaseUrl: string): DatabaseUrl {
  const [, before, hosts, after] = SHAPE.exec(databaseUrl) ?? [];
  if (before === undefined || hosts === undefined || after === undefined) throw notAUrl();
  const urls = hosts.split(',').map((host) => parse(`${before}${host}${after}`));
  const [first] = urls as [URL, ...URL[]];
  const options = first.searchParams.get('options') ?? '';
  const texts = urls.map((url) => {
    if (options !== '') url.searchParams.delete('options');
    return url.href;
  });
  return {
    where: `${urls.map(({ hostname, port }) => `${hostname || 'localhost'}:${port || '5432'}`).join(', ')}${first.pathname}`,
    options,
    servers: createServers(texts),
  };
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw notAUrl();
  }
}

function createServers(urls: readonly string[]): Servers {
  let index = 0;
  const current = (): string => urls[index] as string;
  return {
    count: urls.length,
    current,
    skip: (url) => {
      if (url === current()) index = (index + 1) % urls.length;
    },
  };
}

const notAUrl = (): StoreStartError =>
  new StoreStartError(
    'DATABASE_URL is not the address of a PostgreSQL database: expected postgres://user:password@host:5432/name, ' +
      'with several hosts separated by commas where one of them takes over from another.',
  );

// The domains in which a short name is searched (resolv.conf: `search`, `domain`, `options ndots`), as the system's own resolver does:
// clusters and cities use names such as `registry.default.svc`.
import { readFileSync } from 'node:fs';

const SYSTEM_PATH = '/etc/resolv.conf';

/** Names of a search list at most, as in other resolvers: each costs a query. */
const MOST_DOMAINS = 6;

/** The full names to ask for, in order. */
export function fullNames(name: string, path: string = SYSTEM_PATH): string[] {
  const { domains, dots } = readSearchList(path);
  const inDomains = domains.map((domain) => `${name}.${domain}`);
  const count = name.split('.').length - 1;
  return count >= dots ? [name, ...inDomains] : [...inDomains, name];
}

function readSearchList(path: string): { domains: string[]; dots: number } {
  let domains: string[] = [];
  let dots = 1;
  for (const line of linesOf(path)) {
    const [key, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    // The last of `search` and `domain` applies.
    if (key === 'search' || key === 'domain')
      domains = values.filter((domain) => domain !== '.').slice(0, MOST_DOMAINS);
    if (key === 'options') {
      const found = values
        .map((value) => /^ndots:(\d+)$/.exec(value)?.[1])
        .find((value) => value !== undefined);
      if (found !== undefined) dots = Math.min(15, Number(found));
    }
  }
  return { domains: domains.map((domain) => domain.replace(/\.$/, '').toLowerCase()), dots };
}

/** Systems without the file have no search list here. */
function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

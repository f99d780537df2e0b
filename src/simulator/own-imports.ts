// What the files of a simulator import from this package, `#connector` and `msw`, is that of this package wherever the folder of the connector
// is. The folder needs no package.json and no node_modules of its own, and its TypeScript files are modules.

import { registerHooks } from 'node:module';

/** Folders of simulators, as URLs that end with a slash. */
const folders = new Set<string>();
let isRegistered = false;

/** @param folder URL of the folder, with a slash at its end */
export function importFromThisPackage(folder: string): void {
  folders.add(folder);
  if (isRegistered) return;
  isRegistered = true;
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const { parentURL } = context;
      const isOwn = parentURL !== undefined && isOfThisPackage(specifier) && isInFolder(parentURL);
      const resolved = nextResolve(specifier, isOwn ? { ...context, parentURL: import.meta.url } : context);
      return resolved.url.endsWith('.ts') && isInFolder(resolved.url)
        ? { ...resolved, format: 'module-typescript' }
        : resolved;
    },
  });
}

const isOfThisPackage = (specifier: string): boolean =>
  specifier === '#connector' || specifier === 'msw' || specifier.startsWith('msw/');

const isInFolder = (url: string): boolean => folders.values().some((folder) => url.startsWith(folder));

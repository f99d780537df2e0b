// Type stripping for an installed package. Node strips types from its own files only outside `node_modules`; this hook
// does the same, with Node's own function, for the files of this package and for no others.

import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

const PACKAGE = new URL('..', import.meta.url).href;
const DEPENDENCIES = new URL('node_modules/', PACKAGE).href;

/** Strips types without the warning that the function is experimental: the Node version is pinned and tested. */
function stripTypes(source) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

registerHooks({
  load(url, context, nextLoad) {
    const isOwn = url.startsWith(PACKAGE) && !url.startsWith(DEPENDENCIES) && url.endsWith('.ts');
    if (!isOwn) return nextLoad(url, context);
    return {
      format: 'module',
      source: stripTypes(readFileSync(fileURLToPath(url), 'utf8')),
      shortCircuit: true,
    };
  },
});

// Entry of the worker of `connection.ts`. Plain JavaScript, so that an installed package can strip types first.

// Node refuses to strip types below node_modules, where an installed package is.
if (import.meta.url.includes('/node_modules/')) await import('../../strip-types.mjs');
const { runPgliteWorker } = await import('./worker.ts');
await runPgliteWorker();

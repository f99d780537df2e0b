import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const { resolve } = createRequire(import.meta.url);

// Tests mirror `src`; the database and the simulators are real, so a file may need a few seconds to start.
export default defineConfig({
  // Vite would take graphql's ES modules, Node takes its CommonJS ones: two copies that refuse each other's schemas.
  resolve: { alias: [{ find: /^graphql$/, replacement: resolve('graphql') }] },
  test: {
    include: ['test/**/*.test.ts', 'connectors/*/cases/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 40_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: 'test-report.json' }]],
  },
});

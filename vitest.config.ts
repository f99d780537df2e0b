import { defineConfig } from 'vitest/config';

// Tests mirror `src`; the database and the simulators are real, so a file may need a few seconds to start.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'connectors/*/cases/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 40_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: 'test-report.json' }]],
  },
});

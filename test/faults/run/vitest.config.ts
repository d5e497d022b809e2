import { defineConfig } from "vitest/config";

/**
 * How the tests run that a fault should fail: one worker, no search for the simplest failing example, and what was
 * compiled before taken from the copy's own cache, which goes by the content of files.
 */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/faults/run/no-shrinking.ts"],
    reporters: ["./test/faults/run/outcome-reporter.ts"],
    maxWorkers: 1,
    experimental: { fsModuleCache: true, fsModuleCachePath: "module-cache" },
    testTimeout: 600_000,
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    maxWorkers: "100%",
    // To end what hangs, on the slowest machine: no test asserts a time.
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
  },
});

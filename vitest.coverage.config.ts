import { defineConfig, mergeConfig } from "vitest/config";
import everyTest from "./vitest.config.js";

/** The layers that are tested within the test's own process, each with what must be reached of it, in percent. */
const core = ["statistics", "random", "kernels", "io", "ising", "rbm", "analysis"].map(
  (layer) => [`src/${layer}/**/*.ts`, { lines: 90, branches: 90 }] as const,
);

/**
 * Lines and branches of src that the tests reach within their own process. What runs in processes of its own cannot be
 * seen from here: the command line, and much of experiment, runs and report, which test/cli checks on the built program;
 * WebAssembly and its workers.
 */
export default mergeConfig(
  everyTest,
  defineConfig({
    test: {
      exclude: ["test/cli/**", "test/fuzz/command-line.test.ts", "test/library/**"],
      coverage: {
        enabled: true,
        provider: "v8",
        reportsDirectory: "coverage",
        reporter: ["text-summary", "json-summary", "json"],
        include: ["src/**/*.ts"],
        exclude: [
          "src/cli/**",
          "src/kernels/wasm/assembly/**",
          "src/kernels/wasm/worker.ts",
          "src/**/*.d.ts",
        ],
        thresholds: Object.fromEntries(core),
      },
    },
  }),
);

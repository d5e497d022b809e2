import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import everyTest from "./vitest.config.js";

const root = fileURLToPath(new URL(".", import.meta.url));
const tests = join(root, "test/");

// The tests' processes inherit it, and so do the programs that these start: each leaves there what it has reached.
process.env["NODE_V8_COVERAGE"] = join(root, "coverage", "raw");

/** What replaces a module gets src as it is, and does not count. */
const uncounted = ["io/atomic-failure.test.ts", "report/figures/no-resvg.test.ts"].map((path) =>
  join(tests, path),
);

/** Where a test names a file of src, it gets the built one, which is also what the programs run. */
const builtFiles = {
  name: "built-files",
  enforce: "pre" as const,
  resolveId(source: string, importer: string | undefined): string | null {
    if (importer?.startsWith(tests) !== true || uncounted.includes(importer)) return null;
    const path = join(importer, "..", source);
    const built = path.replace(join(root, "src/"), join(root, "dist/"));
    return built !== path && existsSync(built) ? built : null;
  },
};

/** The folders of which all tests count. */
const folders = [
  ...["analysis", "experiment", "io", "ising", "kernels", "random", "rbm", "report", "runs", "statistics"],
  ...["studies", "sweep"],
];

/** The commands whose tests go where no other goes; the rest repeat them under kills, on full disks and as others. */
const commands = [
  ...["block-or-correlation", "burns", "mehta-schwab", "pca-rg", "renormalization"],
  ...["bad-input", "controls", "couplings", "events", "fields", "fisher", "flow", "import-export", "inspect"],
  ...["kadanoff", "mcrg", "objectives", "own-data", "pca", "report-page", "report-terminal", "sample"],
  ...["sweep", "sweep-damage", "verify"],
];

/** What the tests reach, which scripts/report-coverage.mjs sums up. */
export default defineConfig({
  plugins: [builtFiles],
  test: {
    ...everyTest.test,
    include: [
      ...folders.map((folder) => `test/${folder}/**/*.test.ts`),
      ...commands.map((command) => `test/cli/${command}.test.ts`),
    ],
    pool: "forks",
    setupFiles: ["test/take-coverage.ts"],
    server: { deps: { external: [/\/dist\//] } },
  },
});

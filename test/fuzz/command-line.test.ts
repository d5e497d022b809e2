import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.js";

/** The documented exit codes of commands that only check their input. */
const EXIT_CODES = [0, 1, 64, 65, 66, 73, 78];

let folder = "";
let before = "";
let stderr = "";
beforeAll(() => {
  before = process.cwd();
  folder = mkdtempSync(join(tmpdir(), "rbm-rg-fuzz-"));
  process.chdir(folder);
  writeFileSync("a.yaml", "sample: { lattice: 4x4, coupling: 0.3 }\n");
  writeFileSync("a.csv", "1,-1,1,1\n-1,-1,1,1\n");
  writeFileSync("manifest.json", "{}");
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const word = fc.oneof(
  fc.constantFrom(
    "0",
    "-1",
    "1",
    "4",
    "8",
    "1e9",
    "1e999",
    "nan",
    "inf",
    "0.4",
    "4x4",
    "1x1",
    "99999x99999",
    "40",
  ),
  fc.constantFrom("a.yaml", "a.csv", "b.npy", ".", "/", "..", "/dev/null", "manifest.json", "a.csv/x", ""),
  fc.constantFrom("auto", "kl", "wolff", "pcd", "exact", "adam", "spin", "binary", "400,100", ",", "2:3:0.1"),
  fc.string({ maxLength: 10 }),
);
const flag = fc.constantFrom(
  ...[
    "-L",
    "--lattice",
    "-K",
    "-T",
    "--beta",
    "--field",
    "-n",
    "--algorithm",
    "--chains",
    "--spacing",
    "--start",
  ],
  ...[
    "--objective",
    "--hidden",
    "--units",
    "--no-bias",
    "--estimator",
    "--steps",
    "--epochs",
    "--batch-size",
  ],
  ...[
    "--learning-rate",
    "--rate-schedule",
    "--momentum",
    "--optimizer",
    "--l1",
    "--l2",
    "--seed",
    "--config",
  ],
  ...[
    "--scale",
    "--set",
    "--data",
    "-o",
    "--json",
    "-q",
    "--unknown",
    "-Z",
    "--threads",
    "--kernels",
    "--help",
  ],
);
/** Commands that compute nothing large: training stops at --dry-run. */
const command = fc.constantFrom(
  ...[["train", "--dry-run"], ["exact"], ["inspect"], ["verify"], ["collect"], ["config", "show"]],
  ...[["config", "diff"], ["config", "schema"], ["reproduce", "mehta-schwab", "--dry-run"], ["nonsense"], []],
);
const commandLine = fc
  .tuple(command, fc.array(fc.oneof(word, flag, fc.tuple(flag, word)), { maxLength: 8 }))
  .map(([name, rest]) => [...name, ...rest.flat()]);

it("2,000 command lines: a documented exit code and, unless it is 0, a message; never an internal error", async () => {
  await fc.assert(
    fc.asyncProperty(commandLine, async (args) => {
      stderr = "";
      const code = await main(["node", "rbm-rg", ...args]);
      expect(EXIT_CODES, `${JSON.stringify(args)}: ${stderr}`).toContain(code);
      expect(stderr, JSON.stringify(args)).not.toContain("internal error");
      if (code !== 0) expect(stderr.trim(), JSON.stringify(args)).not.toBe("");
    }),
    { seed: 5, numRuns: 2000 },
  );
});

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { hasGit, inFolder, root } from "./run.js";

const WASM = join("dist", "kernels", "wasm", "kernels.wasm");

/** The diffs of the README, one after the other. */
function diffs(): string {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  return [...readme.matchAll(/^```diff\n([\s\S]*?)^```/gm)].map(([, text]) => text).join("");
}

function run(folder: string, command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} → ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

/** A copy of what the program is built from, with the diffs applied, built. */
function buildExtended(folder: string): void {
  for (const name of [
    "src",
    "bin",
    "configs",
    "assets",
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
  ]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "extend.diff"), diffs());
  run(folder, "git", "apply", "extend.diff");
  run(
    folder,
    process.execPath,
    join("node_modules", "typescript", "bin", "tsc"),
    "-p",
    "tsconfig.build.json",
  );
  mkdirSync(join(folder, "dist", "kernels", "wasm"), { recursive: true });
  cpSync(join(root, WASM), join(folder, WASM));
}

describe("the README's diffs", () => {
  it("add a sampler, an objective and an analysis that build, and compute what they should", (context) => {
    if (!hasGit) context.skip("there is no git here to apply them with");
    inFolder((folder) => {
      buildExtended(folder);
      const rbmRg = (...args: readonly string[]): string =>
        run(folder, process.execPath, join("bin", "rbm-rg.js"), ...args);
      const table = (path: string) => parseCsv(readFileSync(join(folder, path), "utf8"), path).rows;

      rbmRg("sample", "-q", ..."-L 8 -T 2.4 -n 20000 --algorithm alternating -o sampled".split(" "));
      for (const { observable, value, error, exact } of table("sampled/observables.csv")) {
        if (exact === "" || observable === "magnetization") continue;
        expect(Math.abs(Number(value) - Number(exact)), observable).toBeLessThan(4 * Number(error));
      }

      const training =
        "-K 0.4 -n 1000 --hidden 6 --no-bias --objective reverse-kl --estimator exact --epochs 60";
      rbmRg("train", "-q", "-L", "3", ...training.split(" "), "-o", "trained");
      // KL(P_λ‖P) = ⟨D⟩_λ − (F − F_λ), which falls.
      const divergences = table("trained/metrics.csv").map(
        (row) => Number(row["mean_d_model"]) - Number(row["free_energy_gap"]),
      );
      expect(divergences[59]).toBeGreaterThan(0);
      expect(divergences[59]).toBeLessThan(divergences[0] / 10);

      rbmRg(
        "train",
        "-q",
        ..."-L 4 -K 0.4 -n 500 --hidden 6 --epochs 1".split(" "),
        "--set",
        "analyses=[singular-values]",
        "-o",
        "analysed",
      );
      const squares = table("analysed/singular-values.csv").map((row) => Number(row["singular_value"]) ** 2);
      const weights = table("analysed/weights-1.csv").flatMap((row) =>
        Object.entries(row).flatMap(([column, value]) => (/^h\d+$/.test(column) ? [Number(value)] : [])),
      );
      const frobenius = weights.reduce((sum, weight) => sum + weight ** 2, 0);
      expect(squares).toHaveLength(6);
      expect(squares.reduce((a, b) => a + b)).toBeCloseTo(frobenius, 10);
    });
  });
});

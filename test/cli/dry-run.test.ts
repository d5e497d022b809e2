import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder, rbmRg } from "./run.js";

const sampled = ["-L", "40", "-K", "0.408", "--hidden", "400"] as const;

interface DryRun {
  readonly config: { readonly name: string; readonly train: { readonly epochs: number } };
  readonly memory: { readonly peak_bytes: number; readonly kernel_bytes: number };
}

describe("--dry-run", () => {
  it("prints a configuration that --config reads, the memory as a remark on stderr, and writes nothing", () => {
    inFolder((folder) => {
      const first = rbmRg(folder, "train", ...sampled, "--epochs", "7", "--dry-run");
      expect(first.status).toBe(0);
      expect(first.stderr).toMatch(
        /^rbm-rg: this run would take about \d+ MiB of memory .*in the kernels\.\n$/,
      );
      expect(readdirSync(folder)).toEqual([]);
      writeFileSync(join(folder, "saved.yaml"), first.stdout);
      const again = rbmRg(folder, "train", "--config", "saved.yaml", "--dry-run", "-q");
      expect(again).toEqual({ status: 0, stdout: first.stdout, stderr: "" });
    });
  });

  it("has both in one document with --json", () => {
    inFolder((folder) => {
      const memoryOf = (...flags: readonly string[]): DryRun["memory"] => {
        const { stdout, stderr } = rbmRg(folder, "train", ...sampled, ...flags, "--dry-run", "--json");
        expect(stderr).toBe("");
        const { config, memory } = JSON.parse(stdout) as DryRun;
        expect(config.train.epochs).toBe(20);
        return memory;
      };
      const memory = memoryOf("--threads", "1");
      expect(memory.kernel_bytes).toBeGreaterThan(3 * 4 * 1600 * 400);
      expect(memory.peak_bytes).toBeGreaterThan(memory.kernel_bytes);
      expect(memoryOf("--threads", "4").peak_bytes).toBeGreaterThan(memory.peak_bytes);
    });
  });

  it("of reproduce is the plan of the study", () => {
    inFolder((folder) => {
      const smoke = ["reproduce", "mehta-schwab", "--scale", "smoke", "--dry-run"] as const;
      const { status, stdout, stderr } = rbmRg(folder, ...smoke);
      expect(status).toBe(0);
      expect(stdout).toMatch(
        /^task +id +reason +part +memory +time\n0 +[0-9a-f]{12} +new +stack +\d+ MiB +[\d.]+ s$/m,
      );
      expect(stderr).toMatch(/1 task to run: roughly .* MiB each/);
      const { folder: out, tasks } = JSON.parse(rbmRg(folder, ...smoke, "--json", "--seed", "x").stdout) as {
        folder: string;
        tasks: readonly { config: Readonly<Record<string, unknown>> }[];
      };
      expect(out).toBe(join("results", "mehta-schwab-smoke"));
      expect(tasks[0].config).toMatchObject({ seed: "x", "sample.lattice": "16x16", "train.l1": 0.01 });
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it("is about right: the manifest of a run has the peak that was reached", () => {
    inFolder((folder) => {
      const flags = ["-L", "8", "-K", "0.4", "-n", "2000", "--hidden", "16", "--epochs", "1"] as const;
      const { memory } = JSON.parse(rbmRg(folder, "train", ...flags, "--dry-run", "--json").stdout) as DryRun;
      expect(rbmRg(folder, "train", "-q", ...flags, "-o", "run").status).toBe(0);
      const manifest = JSON.parse(readFileSync(join(folder, "run", "manifest.json"), "utf8")) as {
        peak_memory_bytes: number;
      };
      // Other systems and versions of Node differ; the estimate is for Linux and Node 20.
      expect(memory.peak_bytes / manifest.peak_memory_bytes).toBeGreaterThan(0.5);
      expect(memory.peak_bytes / manifest.peak_memory_bytes).toBeLessThan(2);
    });
  });

  it("of sample names the folders, the algorithm that auto means, the memory, and what is there already", () => {
    inFolder((folder) => {
      const sample = (temperatures: string): readonly string[] => [
        "sample",
        "-L",
        "8",
        "-T",
        temperatures,
        "-n",
        "64",
        "-o",
        "scan",
      ];

      const first = rbmRg(folder, ...sample("2.2,2.4"), "--dry-run");
      expect([first.status, first.stderr]).toEqual([0, ""]);
      expect(first.stdout).toMatch(/^scan\/T2\.2 +8x8 +0\.454545 +0 +64 +wolff +32 +\d+ MiB +to sample$/m);
      expect(readdirSync(folder)).toEqual([]);
      const refused = rbmRg(folder, ...sample("2.2,x"), "--dry-run");
      expect([refused.status, refused.stderr]).toEqual([78, expect.stringMatching(/sample\.temperature/)]);
      rbmRg(folder, ...sample("2.2,2.4"), "-q");
      const again = rbmRg(folder, ...sample("2.2,2.4"), "--dry-run").stdout;
      expect(again.match(/there already/g)).toHaveLength(2);
    });
  });

  it("of sweep plan, run and slurm checks all tasks and writes no plan", () => {
    inFolder((folder) => {
      writeFileSync(
        join(folder, "s.yaml"),
        "name: s\nbase: { sample: { lattice: 4x4, coupling: 0.4, samples: 100 }, model: { hidden: 4 } }\nmatrix: { train.epochs: [1, 2] }\n",
      );
      for (const verb of ["plan", "run", "slurm"] as const) {
        const { status, stdout, stderr } = rbmRg(folder, "sweep", verb, "s.yaml", "--dry-run");
        expect(status).toBe(0);
        expect(stdout.match(/ new /g)).toHaveLength(2);
        expect(stderr).toMatch(/^rbm-rg: 2 tasks to run: roughly /);
      }
      expect(readdirSync(folder)).toEqual(["s.yaml"]);
      writeFileSync(join(folder, "s.yaml"), "name: s\nmatrix: { train.epochs: [0.5], train.l1: [-1] }\n");
      const { status, stderr } = rbmRg(folder, "sweep", "run", "s.yaml", "--dry-run");
      expect(status).toBe(78);
      expect(stderr).toMatch(/train\.epochs[\s\S]*train\.l1/);
    });
  });
});

import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeNpy } from "../../src/io/index.js";
import { inFolder, rbmRg } from "./run.js";
import { sharingSweep, sweepResults } from "./sweeps.js";

interface Survey {
  readonly tasks: readonly { readonly id: string; readonly state: string; readonly remark: string }[];
}

const run = ["sweep", "run", "-q", "-j", "1", "s.yaml"] as const;

function survey(folder: string): Survey {
  return JSON.parse(rbmRg(folder, "sweep", "status", "--json", "s.yaml").stdout) as Survey;
}

/** Damage a finished sweep, and see that running it again gives the same bytes. */
function repaired(damage: (sweep: string, folder: string) => void, states: readonly string[]): void {
  inFolder((folder) => {
    writeFileSync(join(folder, "s.yaml"), sharingSweep);
    expect(rbmRg(folder, ...run)).toEqual({ status: 0, stdout: "", stderr: "" });
    const whole = sweepResults(folder, "s.yaml", "results/s");
    damage(join(folder, "results", "s"), folder);
    expect(survey(folder).tasks.map(({ state, remark }) => `${state} ${remark}`.trim())).toEqual(states);
    expect(rbmRg(folder, ...run)).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(survey(folder).tasks.map(({ state }) => state)).toEqual(["done", "done"]);
    expect(sweepResults(folder, "s.yaml", "results/s")).toEqual(whole);
    expect(rbmRg(folder, "verify", "results/s").status).toBe(0);
  });
}

/** The run folders of a sweep, in the order of the plan. */
function runsOf(sweep: string, folder: string): readonly string[] {
  return survey(folder).tasks.map(({ id }) => join(sweep, "runs", id));
}

describe("a finished sweep", () => {
  it("of whose runs files are missing is completed, to the same bytes", () => {
    repaired(
      (sweep, folder) => {
        const [one, two] = runsOf(sweep, folder);
        rmSync(join(one, "summary.csv"));
        rmSync(join(two, "weights-1.npy"));
      },
      ["incomplete its summary.csv is missing", "incomplete its weights-1.npy is missing"],
    );
  });

  it("of whose runs one manifest is cut off and one missing runs these again, to the same bytes", () => {
    repaired(
      (sweep, folder) => {
        const [one, two] = runsOf(sweep, folder);
        truncateSync(join(one, "manifest.json"), 500);
        rmSync(join(two, "manifest.json"));
      },
      ["incomplete its manifest.json is damaged", "incomplete its manifest.json is missing"],
    );
  });

  it("whose shared data are cut off, and of which a run is gone, samples them again, to the same bytes", () => {
    repaired(
      (sweep, folder) => {
        rmSync(runsOf(sweep, folder)[1], { recursive: true });
        const [data] = readdirSync(join(sweep, "data")).filter((name) => /^\w+$/.test(name));
        truncateSync(join(sweep, "data", data, "configurations.npy"), 1000);
      },
      ["done", "waiting"],
    );
  });

  it("whose plan is lost finds its runs again; one whose plan is cut off says how", () => {
    repaired(
      (sweep, folder) => {
        truncateSync(join(sweep, "plan.json"), 300);
        for (const command of ["run", "status", "collect", "plan", "list"]) {
          const { status, stderr } = rbmRg(folder, "sweep", command, "s.yaml");
          expect(stderr).toMatch(
            /plan\.json, line .*remove it and plan the sweep again: its finished runs are found/,
          );
          expect(status).toBe(65);
        }
        rmSync(join(sweep, "plan.json"));
        expect(rbmRg(folder, "sweep", "status", "s.yaml").status).toBe(66);
        expect(rbmRg(folder, "sweep", "plan", "-q", "s.yaml").stdout).toMatch(/ done .*\n.* done /);
      },
      ["done", "done"],
    );
  });
});

describe("a sweep that was tampered with", () => {
  it("runs no task whose data were exchanged, whose plan was changed, or that lies elsewhere", () => {
    inFolder((folder) => {
      const spins = (sign: number): void => {
        const values = Int8Array.from({ length: 400 * 16 }, (_, k) => ((k * k) % 7 < 3 ? -sign : sign));
        writeFileSync(join(folder, "data.npy"), encodeNpy(values, [400, 4, 4]));
      };
      spins(1);
      const text =
        "base: { data: { path: data.npy }, model: { hidden: 4 }, train: { epochs: 1 } }\nmatrix: { train.l1: [0, 0.1] }\n";
      writeFileSync(join(folder, "s.yaml"), text);
      expect(rbmRg(folder, "sweep", "plan", "-q", "s.yaml").status).toBe(0);
      expect(rbmRg(folder, "sweep", "task", "-q", "s.yaml", "--index", "0").status).toBe(0);
      spins(-1);
      const refused = rbmRg(folder, "sweep", "task", "-q", "s.yaml", "--index", "1");
      expect(refused.stderr).toMatch(
        /^rbm-rg: task 1 \(\w{12}\) failed, not begun: the data data\.npy are not those it was planned with .* -o\. Log: /,
      );
      expect(refused.status).toBe(65);
      const again = rbmRg(folder, "sweep", "run", "-q", "s.yaml");
      expect(again.stderr).toMatch(/the data data\.npy are not those that .*plan\.json was made with/);
      expect(again.status).toBe(73);
      expect(survey(folder).tasks.map(({ state }) => state)).toEqual(["done", "failed"]);
      spins(1);
      const path = join(folder, "results", "s", "plan.json");
      const plan = readFileSync(path, "utf8");
      writeFileSync(path, plan.replace(/("own":.*)"train.l1":0.1/, '$1"train.l1":0.2'));
      for (const command of ["run", "task --index 1", "collect", "status", "list"]) {
        const { status, stderr } = rbmRg(folder, "sweep", ...command.split(" "), "s.yaml");
        expect(stderr).toMatch(/plan\.json has been changed since it was written: task \d \(\w{12}\)/);
        expect(status).toBe(65);
      }
      writeFileSync(path, plan.replace(/"id":"\w{12}"/g, '"id":"../../../evil"'));
      mkdirSync(join(folder, "evil"));
      const evil = rbmRg(folder, "sweep", "task", "s.yaml", "--index", "0");
      expect(evil).toMatchObject({ status: 65, stdout: "" });
      expect(readdirSync(join(folder, "evil"))).toEqual([]);
      writeFileSync(path, plan);
      expect(rbmRg(folder, "sweep", "run", "-q", "s.yaml").status).toBe(0);
    });
  });
});

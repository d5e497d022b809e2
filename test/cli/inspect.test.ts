import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataError, MissingInputError } from "../../src/errors/index.js";
import { parseCsv } from "../../src/io/index.js";
import { inspectPath } from "../../src/runs/inspect.js";
import { hasCheckpoint, start, until } from "./kills.js";
import { rbmRg, root } from "./run.js";

let folder = "";
const at = (...parts: readonly string[]): string => join(folder, ...parts);

const sweep = `base: { sample: { lattice: 4x4, samples: 100 }, model: { hidden: [4, 2] }, train: { epochs: 1 } }
matrix: { sample.coupling: [0.3, 0.4], train.learning_rate: [0.01, 1.0e+6] }
`;

/** One of everything: a dataset, a finished run, one that was killed, a sweep with failures, scripts, printed documents. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  const model = ["-q", "-L", "4", "-K", "0.4", "-n", "100", "--hidden", "4,2"];
  expect(rbmRg(folder, "sample", "-q", "-L", "4", "-K", "0.4", "-n", "100", "-o", "data").status).toBe(0);
  const events = ["--events", "events.jsonl"];
  expect(rbmRg(folder, "train", ...model, "--epochs", "2", ...events, "-o", "run").status).toBe(0);
  expect(rbmRg(folder, "pca", "data", "-q", "-o", "components").status).toBe(0);
  expect(rbmRg(folder, "fisher", "run", "-q", "-o", "information").status).toBe(0);
  const program = start(
    folder,
    "train",
    ...model,
    "--epochs",
    "500",
    "--checkpoint-every",
    "1",
    "-o",
    "killed",
  );
  await until(() => hasCheckpoint(at("killed")), "there is a checkpoint");
  program.child.kill("SIGKILL");
  await program.ended;
  writeFileSync(at("killed", ".metrics.csv.0123456789ab.tmp"), "layer");
  writeFileSync(at("s.yaml"), sweep);
  expect(rbmRg(folder, "sweep", "slurm", "s.yaml", "-q", "-o", "swept").status).toBe(0);
  expect(rbmRg(folder, "sweep", "run", "s.yaml", "-q", "-o", "swept", "--keep-going").status).toBe(2);
  writeFileSync(at("collected.csv"), rbmRg(folder, "collect", "run").stdout);
  writeFileSync(at("table.csv"), rbmRg(folder, "sweep", "collect", "s.yaml", "-o", "swept").stdout);
  writeFileSync(at("schema.json"), rbmRg(folder, "config", "schema").stdout);
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function filesBelow(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());
}

describe("inspect", () => {
  it("knows every file that the program has written, and every folder", () => {
    const files = [...filesBelow(folder), ...filesBelow(join(root, "configs"))];
    expect(files.length).toBeGreaterThan(100);
    const reference = [
      "bench.csv",
      "bench-machine.json",
      "mehta-schwab/figures/losses.png",
      "mehta-schwab/claims.csv",
    ];
    files.push(...reference.map((name) => join(root, "results", "reference", name)));
    const unknown = files.filter((file) => inspectPath(file).meaning === "Not a file this program writes.");
    expect(unknown).toEqual([]);
    for (const [path, kind] of [
      ["data", "dataset folder"],
      ["run", "run folder"],
      ["run/data", "dataset folder"],
      ["run/figures", /part of/],
      ["killed", "run folder"],
      ["killed/checkpoint", /part of/],
      ["swept", "sweep folder"],
      ["components", "analysis folder"],
      ["information", "analysis folder"],
      ...["runs", "tasks", "data", "logs", "failures", "locks", "slurm"].map(
        (name) => [`swept/${name}`, /part of/] as const,
      ),
    ] as const) {
      expect(inspectPath(at(path)).kind, path).toMatch(kind);
    }
  });

  it("says what every column of the tables of a run means", () => {
    const tables = filesBelow(at("run")).filter((file) => file.endsWith(".csv"));
    expect(tables.length).toBeGreaterThan(8);
    for (const table of [...tables, at("collected.csv"), at("table.csv")]) {
      const { columns } = parseCsv(readFileSync(table, "utf8"), table);
      const known = new Map(inspectPath(table).columns);
      const unknown = columns.filter((name) => !known.has(name) && !/^h\d+$/.test(name));
      expect(unknown, `${basename(table)}: columns without a line in column-meanings.ts`).toEqual([]);
    }
    expect(new Map(inspectPath(at("run", "summary.csv")).columns).get("bias")).toBe(
      "whether there are biases",
    );
    expect(new Map(inspectPath(at("run", "weights-1.csv")).columns).get("bias")).toMatch(/^bias of the unit/);
  });

  const factsOf = (...parts: readonly string[]): ReadonlyMap<string, string> =>
    new Map(inspectPath(at(...parts)).facts);

  it("reads what is in them", () => {
    expect(factsOf("run", "weights-1.npy").get("shape")).toBe("(16, 4)");
    expect(factsOf("run", "metrics.csv").get("rows")).toBe("4");
    expect(factsOf("run", "figures", "losses.png").get("size")).toMatch(/^\d+ × \d+ pixels$/);
    expect(factsOf("run", "figures", "losses.svg").get("size")).toMatch(/^\d+ × \d+$/);
    expect(factsOf("run", "manifest.json").get("status")).toBe("finished");
    expect(factsOf("run", "config.yaml").get("model.hidden")).toBe("4, 2");
    expect(factsOf("killed", ".lock").get("process")).toBe("has ended");
    expect(factsOf("swept", "plan.json").get("tasks")).toBe("4");
    const runs = factsOf("swept");
    expect([runs.get("runs.finished"), runs.get("runs.failed")]).toEqual(["2", "2"]);
    const [failure] = readdirSync(at("swept", "failures"));
    expect(factsOf("swept", "failures", failure).get("reason")).toMatch(/diverged/);
    const log = factsOf("swept", "logs", failure.replace(".json", ".log"));
    expect(log.get("last line")).toMatch(/diverged/);
    expect(log.get("last start")).toMatch(/rbm-rg train --config/);
    expect(factsOf("swept", "slurm", "array.sh").get("array")).toBe("0-3");
    const events = factsOf("events.jsonl");
    expect([events.get("epoch"), events.get("last")]).toEqual(["4", "run-finished"]);
  });

  it("says how far a checkpoint is, and whether it is whole", () => {
    const checkpoint = at("killed", "checkpoint", "a.checkpoint");
    const whole = new Map(inspectPath(checkpoint).facts);
    expect(whole.get("whole")).toBe("yes");
    expect(Number(whole.get("epoch"))).toBeGreaterThan(0);
    const torn = at("torn.checkpoint");
    copyFileSync(checkpoint, torn);
    truncateSync(torn, statSync(torn).size - 1);
    expect(new Map(inspectPath(torn).facts).get("whole")).toMatch(/^no: .*is not a whole checkpoint/);
    rmSync(torn);
  });

  it("takes nothing foreign for its own, and refuses its own if they are damaged", () => {
    for (const [name, content] of [
      ["notes.txt", "mine"],
      ["notes.json", "{"],
      ["notes.yaml", "[]"],
      ["notes.csv", "a,b\n1\n"],
      ["notes.npy", "x"],
      ["notes.jsonl", '{"event":"birthday","time":"today"}\n'],
      ["notes.log", ""],
    ]) {
      writeFileSync(at(name), content);
      expect(inspectPath(at(name)).meaning, name).toBe("Not a file this program writes.");
      rmSync(at(name));
    }
    expect(inspectPath("/dev/null").kind).toBe("device or pipe");
    for (const name of [".", "absent"]) expect(() => inspectPath(at(name))).toThrow(MissingInputError);
    const damaged = at("data", "observables.csv");
    appendFileSync(damaged, "energy,1\n");
    expect(() => inspectPath(damaged)).toThrow(DataError);
  });

  it("prints all that, as text and as JSON", () => {
    const { status, stdout } = rbmRg(folder, "inspect", "run/metrics.csv");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^run\/metrics\.csv: CSV table\nOne row per layer and epoch/);
    expect(stdout).toMatch(/\n {2}kl_per_spin +Kullback–Leibler divergence/);
    const document = JSON.parse(rbmRg(folder, "inspect", "run/metrics.csv", "--json").stdout) as Record<
      string,
      unknown
    >;
    expect(document).toMatchObject({ path: "run/metrics.csv", kind: "CSV table", rows: "4" });
    expect(document["column_meanings"]).toHaveProperty("weight_rms");
  });
});

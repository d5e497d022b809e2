import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inFolder, rbmRg } from "./run.js";

const tiny = ["-L", "4", "-K", "0.3", "-n", "50", "--hidden", "2", "--epochs", "1", "-q"];

it("verify finds every changed and missing file of a run, names new ones, and passes what is as written", () => {
  inFolder((folder) => {
    expect(rbmRg(folder, "train", ...tiny, "-o", "run").status).toBe(0);
    const good = rbmRg(folder, "verify", "run");
    expect(good.status).toBe(0);
    expect(good.stdout).toMatch(/^run: run, \d+ files intact\n$/);

    writeFileSync(join(folder, "run", "notes.txt"), "mine");
    expect(rbmRg(folder, "verify", "run").stdout).toMatch(/new +notes\.txt/);
    expect(rbmRg(folder, "verify", "run").status).toBe(0);

    appendFileSync(join(folder, "run", "metrics.csv"), "1\n");
    rmSync(join(folder, "run", "weights-1.npy"));
    const bad = rbmRg(folder, "verify", "run");
    expect(bad.status).toBe(65);
    expect(bad.stdout).toMatch(/changed +metrics\.csv/);
    expect(bad.stdout).toMatch(/missing +weights-1\.npy/);
    const report = JSON.parse(rbmRg(folder, "verify", "run", "--json").stdout) as { intact: boolean }[];
    expect(report[0].intact).toBe(false);
  });
});

it("verify looks at the data a run was trained on", () => {
  inFolder((folder) => {
    rbmRg(folder, "sample", "-L", "4", "-K", "0.3", "-n", "50", "-q", "-o", "data");
    rbmRg(folder, "train", "--data", "data", "--hidden", "2", "--epochs", "1", "-q", "-o", "run");
    expect(rbmRg(folder, "verify", "run", "data").status).toBe(0);
    const file = join(folder, "data", "configurations.npy");
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = bytes[bytes.length - 1] === 1 ? 255 : 1;
    writeFileSync(file, bytes);
    const { status, stdout } = rbmRg(folder, "verify", "run", "data");
    expect(status).toBe(65);
    expect(stdout).toMatch(/changed +its data .*data\n/);
    expect(stdout).toMatch(/changed +configurations\.npy/);
  });
});

it("verify refuses folders without a manifest, and manifests that name files elsewhere", () => {
  inFolder((folder) => {
    expect(rbmRg(folder, "verify", ".").status).toBe(66);
    const manifest = { program: "rbm-rg", kind: "run", status: "finished", files: { "../../secret": "00" } };
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
    const { status, stderr } = rbmRg(folder, "verify", ".");
    expect(status).toBe(65);
    expect(stderr).toContain("outside its folder");
    writeFileSync(join(folder, "manifest.json"), "{}");
    expect(rbmRg(folder, "verify", ".").status).toBe(65);
  });
});

it("verify looks at an analysis and its data, and at every run of a sweep", () => {
  inFolder((folder) => {
    rbmRg(folder, "sample", "-L", "4", "-K", "0.3", "-n", "50", "-q", "-o", "data");
    expect(rbmRg(folder, "pca", "data", "-q", "-o", "analysis").status).toBe(0);
    expect(rbmRg(folder, "verify", "analysis").stdout).toMatch(/^analysis: pca, \d+ files intact\n$/);
    appendFileSync(join(folder, "data", "configurations.npy"), "x");
    expect(rbmRg(folder, "verify", "analysis").stdout).toMatch(/changed +its data data/);

    const sweep =
      "base: { sample: { lattice: 4x4, samples: 50 }, model: { hidden: 2 }, train: { epochs: 1 } }\n";
    writeFileSync(join(folder, "s.yaml"), `${sweep}matrix: { sample.coupling: [0.3, 0.4] }\n`);
    expect(rbmRg(folder, "sweep", "run", "s.yaml", "-q", "-o", "swept").status).toBe(0);
    expect(rbmRg(folder, "verify", "swept").stdout).toBe("swept: sweep, 2 runs intact\n");
    const [run] = readdirSync(join(folder, "swept", "runs"));
    appendFileSync(join(folder, "swept", "runs", run, "summary.csv"), "1\n");
    const { status, stdout } = rbmRg(folder, "verify", "swept");
    expect(status).toBe(65);
    expect(stdout).toMatch(/changed +summary\.csv/);
  });
});

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeNpy } from "../../src/io/index.js";
import { bin, inFolder, rbmRg } from "./run.js";

/** Files the cases below read. */
function prepare(folder: string): void {
  const spins = Int8Array.from({ length: 2 * 16 }, (_, i) => (i % 3 === 0 ? 1 : -1));
  const npy = encodeNpy(spins, [2, 4, 4]);
  writeFileSync(join(folder, "good.npy"), npy);
  writeFileSync(join(folder, "truncated.npy"), npy.subarray(0, npy.length - 5));
  writeFileSync(join(folder, "flat.npy"), encodeNpy(spins, [32]));
  writeFileSync(join(folder, "three.npy"), encodeNpy(spins.with(5, 3), [2, 16]));
  writeFileSync(join(folder, "mixed.npy"), encodeNpy(spins.with(17, 0), [2, 16]));
  writeFileSync(join(folder, "nan.csv"), "1,-1\n1,NaN\n");
  writeFileSync(join(folder, "ragged.csv"), "1,-1\n1\n");
  writeFileSync(join(folder, "twos.csv"), "0,1\n1,2\n");
  writeFileSync(join(folder, "typo.yaml"), "train:\n  learning_rat: 0.1\n  epochs: zero\nsampel: {}\n");
  writeFileSync(join(folder, "broken.yaml"), "train: [1\nfoo: }\n");
  writeFileSync(join(folder, "twice.yaml"), "seed: 1\nseed: 2\n");
  writeFileSync(join(folder, "number.yaml"), "train: 5\n");
  writeFileSync(join(folder, "wide.npy"), encodeNpy(spins, [1, 32]));
  writeFileSync(join(folder, "file"), "");
  mkdirSync(join(folder, "occupied"));
  writeFileSync(join(folder, "occupied", "notes.txt"), "mine");
}

const sampled = ["-L", "4", "-K", "0.4", "-n", "10"] as const;

/** Command line, exit code, and what the one message must say. */
const cases: readonly (readonly [args: string, code: number, message: readonly RegExp[]])[] = [
  [
    "train -L 4 -K 0.4 --set train.learning_rat=1 -o out",
    78,
    [/train\.learning_rat: unknown key; did you mean train\.learning_rate\?/],
  ],
  [
    "train -L 4 -K 0.4 --config typo.yaml -o out",
    78,
    [
      /2 errors|3 errors/,
      /learning_rat/,
      /train\.epochs: "zero": expected a whole number/,
      /sampel.*did you mean sample\?/,
    ],
  ],
  ["train -L 4 -K 0.4 --config broken.yaml -o out", 78, [/broken\.yaml/, /line \d/]],
  ["train -L 4 -K 0.4 --config twice.yaml -o out", 78, [/twice\.yaml/, /unique/]],
  ["train -L 4 -K 0.4 --config absent.yaml -o out", 66, [/absent\.yaml/]],
  ["sample -L 4 -T 0 -o out", 78, [/sample\.temperature: 0: expected a number > 0/]],
  ["sample -L 4 -T -1 -o out", 78, [/sample\.temperature: -1: expected a number > 0/]],
  ["sample -L 4 -K -0.1 -o out", 78, [/sample\.coupling: -0\.1: expected a number ≥ 0/]],
  ["sample -L 4 -T warm -o out", 78, [/"warm": expected a number/]],
  ["sample -L 4 -T 3:2:0.1 -o out", 78, [/FIRST:LAST:STEP/]],
  ["sample -L 4 -T 2 -K 0.5 -o out", 78, [/coupling = 0\.5 and .*temperature = 2 contradict/]],
  ["sample -L 4 --lattice 8x8 -T 2 -o out", 64, [/--lattice contradicts/]],
  ["sample --lattice 0x3 -T 2 -o out", 78, [/torus 0x3: every side must be a whole number ≥ 2/]],
  ["sample --lattice 1x9 -T 2 -o out", 78, [/bond every spin to itself.*chain: 9/]],
  ["sample --lattice 4x4x4 -T 2 -o out", 78, [/expected LENGTH.*WIDTHxHEIGHT/]],
  ["sample --lattice 99999x99999 -T 2 -o out", 78, [/at most/]],
  ["sample -L 4 -T 2 -n 0 -o out", 78, [/sample\.samples: 0: expected a whole number ≥ 1/]],
  ["sample -L 4 -T 2 -n 1.5 -o out", 78, [/sample\.samples: 1\.5/]],
  ["sample -L 4 -T 2 --field 0.1 --algorithm wolff -o out", 78, [/zero field only.*heat-bath/]],
  ["sample -L 4 -T 2 --algorithm magic -o out", 78, [/"magic": expected one of auto, metropolis/]],
  ["sample -L 4 -o out", 78, [/sample\.coupling: missing/]],
  ["sample -T 2 -o out", 78, [/sample\.lattice: missing/]],
  ["train -L 4 -K 0.4 --hidden 0 -o out", 78, [/model\.hidden\.0: 0: expected a whole number ≥ 1/]],
  ["train -L 4 -K 0.4 --hidden 4,x -o out", 78, [/model\.hidden/]],
  [
    "train -L 4 -K 0.4 --epochs -3 --batch-size 0 --momentum 1 -o out",
    78,
    [/3 errors/, /epochs: -3/, /batch_size: 0/, /momentum: 1: expected a number in \[0, 1\)/],
  ],
  [
    "train -L 8 -K 0.4 --hidden 64 --estimator exact -o out",
    78,
    [/at most 20 units; layer 1 is 64 × 64; use cd or pcd/],
  ],
  ["train -L 4 -K 0.4 --final-learning-rate 0.1 -o out", 78, [/no effect with rate_schedule constant/]],
  ["train --data good.npy -K 0.4 -o out", 64, [/--data reads configurations; it contradicts.*coupling/]],
  [
    "train --data good.npy --lattice 5x5 -o out",
    65,
    [/good\.npy has shape \(samples, 4, 4\), which does not fit lattice 5x5/],
  ],
  ["train --data truncated.npy -o out", 65, [/truncated\.npy/]],
  ["train --data flat.npy -o out", 65, [/flat\.npy: array of shape \(32\); expected \(samples, sites\)/]],
  [
    "train --data three.npy -o out",
    65,
    [/three\.npy: row 1, column 6 is 3; expected only −1 and \+1, or only 0 and 1/],
  ],
  ["train --data mixed.npy -o out", 65, [/mixed\.npy: row 2, column 2 is 0 but earlier values are -1/]],
  ["train --data nan.csv -o out", 65, [/nan\.csv.*line 2/]],
  ["train --data ragged.csv -o out", 65, [/ragged\.csv.*line 2/]],
  ["train --data twos.csv -o out", 65, [/twos\.csv: row 2, column 2 is 2/]],
  ["train --data absent -o out", 66, [/absent does not exist/]],
  ["train --data file -o out", 64, [/expected a dataset folder, or a file that ends in/]],
  ["train --data occupied -o out", 66, [/occupied/]],
  ["train -L 4 -K 0.4 -n 10 -o file/below", 73, [/cannot write file\/below/]],
  ["train -L 4 -K 0.4 -n 10 -o occupied", 73, [/occupied is not empty and not a run folder/]],
  ["sample -L 4 -K 0.4 -n 10 -o occupied", 73, [/occupied exists/]],
  ["train -L 4 -K 0.4 -n 10 -o occupied --force", 73, [/occupied is not empty and not a run folder/]],
  ["train --data good.npy -o . --force", 73, [/contains the data good\.npy/]],
  ["train -L 4 -K 0.4 -n 10 -o file", 73, [/file is a file/]],
  ["sample -L 4 -K 0.4 -n 10 -o file", 73, [/file is a file/]],
  ["sample -L 4 -K 0.4 -n 10 -o occupied --force", 73, [/notes\.txt, which is not part of a dataset/]],
  ["sample -L 2 -T inf --algorithm wolff -o out", 78, [/parity.*heat-bath/]],
  ["sample -L 2 -T inf --algorithm metropolis -o out", 78, [/parity.*heat-bath/]],
  ["train -L 4 -K 0.4 --set seed=*a -o out", 78, [/--set seed=\*a/]],
  ["train -L 4 -K 0.4 --hidden 1000000000 -o out", 78, [/model\.hidden: .*at most/]],
  ["sample -L 4 -K 0.4 -n 1000000000000 -o out", 78, [/sample\.samples: .*at most/]],
  ["train -L 4 -K 0.4 --rate-schedule linear -o out", 78, [/final_learning_rate: missing/]],
  ["train -L 4 -K 0.4 --no-bias --set train.centered=true -o out", 78, [/train\.centered/]],
  ["train -L 4 -K 0.4 --epochs 3 --config number.yaml -o out", 78, [/train: 5/]],
  ["train --data wide.npy --hidden 30 --estimator exact -o out", 78, [/layer 1 is 32 × 30/]],
  ["train --data nan.csv --dry-run", 65, [/nan\.csv/]],
  ["train -L 4 -K 0.4 --dry-run -o occupied", 73, [/occupied is not empty/]],
  [
    "train -L 512 -K 0.4 -n 10 --hidden 1024 --optimizer adam --kernels wasm -o out",
    1,
    [/about 4\.\d+ GiB in the kernels .*ends at 4 GiB.*fewer hidden units.*--kernels reference/],
  ],
  ["train -L 512 -K 0.4 -n 10 --hidden 1024 --optimizer adam --dry-run", 1, [/GiB in the kernels/]],
  ["train -L 4 -K 0.4 -n 10 --threads 0 -o out", 64, [/--threads 0: expected auto or a whole number/]],
  ["report absent --kernels fast", 64, [/--kernels fast: expected one of auto, wasm, reference/]],
  ["doctor --kernels fast", 64, [/--kernels fast: expected one of/]],
  ["train -L 4 -K 0.4 --scale smoke -o out", 64, [/--scale chooses/]],
  ["train -L 4 -K 0.4 --set nonsense -o out", 78, [/expected key=value/]],
  ["train -L 4 -K 0.4 --hiden 4 -o out", 64, [/unknown option.*--hidden/s]],
  ["trian", 64, [/unknown command.*train/s]],
  ["report absent", 66, [/absent is not a folder/]],
  ["report occupied", 66, [/manifest\.json/]],
  ["collect absent", 66, [/absent does not exist/]],
  ["collect occupied", 66, [/none of occupied is a run folder/]],
  ["inspect absent", 66, [/absent does not exist/]],
  ["reproduce nothing", 64, [/no study "nothing"; known: .*mehta-schwab/]],
  [
    "reproduce mehta-schwab --scale huge",
    64,
    [/--scale huge: the scales of mehta-schwab are standard, smoke/],
  ],
  ["reproduce mehta-schwab --jobs 0", 64, [/--jobs 0: expected a whole number/]],
  ["exact -L 4", 78, [/sample\.coupling: missing/]],
];

describe("bad input", () => {
  it.each(cases)("rbm-rg %s → exit code %i", (args, code, messages) => {
    inFolder((folder) => {
      prepare(folder);
      const before = readdirSync(folder, { recursive: true });
      const { status, stdout, stderr } = rbmRg(folder, ...args.split(" "));
      for (const message of messages) expect(stderr).toMatch(message);
      expect(status).toBe(code);
      expect(stderr).not.toMatch(/internal error|^\s+at /m);
      expect(stdout).toBe("");
      expect(readdirSync(folder, { recursive: true })).toEqual(before);
    });
  });

  it("refuses an empty -o, and a dataset folder that lies on another lattice", () => {
    inFolder((folder) => {
      expect(rbmRg(folder, "train", ...sampled, "-o", "").status).toBe(64);
      expect(rbmRg(folder, "sample", ...sampled, "-o", "").status).toBe(64);
      expect(readdirSync(folder)).toEqual([]);
      expect(rbmRg(folder, "sample", "-q", ...sampled, "-o", "data").status).toBe(0);
      const { status, stderr } = rbmRg(folder, "train", "--data", "data", "--lattice", "2x8", "-o", "out");
      expect(stderr).toMatch(/configurations of 4x4, not of lattice 2x8/);
      expect(status).toBe(65);
      expect(readdirSync(folder)).toEqual(["data"]);
    });
  });

  it("is calm about a reader that closes the pipe", () => {
    inFolder((folder) => {
      const script = `"${process.execPath}" "${bin}" exact -L 6 -T 1:3:0.01 | head -1; echo done`;
      const { stdout, stderr } = spawnSync("sh", ["-c", script], { cwd: folder, encoding: "utf8" });
      expect(stdout).toMatch(/^lattice .*\ndone\n$/);
      expect(stderr).toBe("");
    });
  });

  it("stops a diverging run with layer, epoch and knob, and leaves a manifest that says failed", () => {
    inFolder((folder) => {
      const { status, stderr } = rbmRg(folder, "train", ...sampled, "--learning-rate", "1e6", "-o", "out");
      expect(status).toBe(1);
      expect(stderr).toMatch(/training diverged in layer 1, epoch 1: .*learning_rate = 1000000; try a tenth/);
      expect(existsSync(join(folder, "out", "manifest.json"))).toBe(true);
      expect(rbmRg(folder, "inspect", "out").stdout).toMatch(/status\s+failed/);
    });
  });
});

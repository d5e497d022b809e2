import type { Fault } from "./fault.js";

const assembly = "src/kernels/wasm/assembly/";
const rbmKernels = "test/kernels/rbm-kernels.test.ts";

/** Random numbers and kernels, those in WebAssembly too (built anew with the fault). */
export const kernelFaults: readonly Fault[] = [
  {
    id: "threefry-key",
    file: "src/random/threefry.ts",
    line: "y = (y + k1 + 3) | 0;",
    planted: "y = (y + k1 + 4) | 0;",
    falsifies: "the third key injection of Threefry is another one: no longer the published generator",
    caughtBy: { file: "test/random/threefry.test.ts", name: "as published" },
  },
  {
    id: "xoshiro-rotation",
    file: "src/random/xoshiro.ts",
    line: "state[3] = rotate(s3, 11);",
    planted: "state[3] = rotate(s3, 13);",
    falsifies: "xoshiro128++ with the rotation of another generator",
    caughtBy: { file: "test/random/xoshiro.test.ts", name: "as the authors' C program does" },
  },
  {
    id: "normal-radius",
    file: "src/random/normal.ts",
    line: "const radius = Math.sqrt(-2 * log(stream.nextUniform()));",
    planted: "const radius = Math.sqrt(-log(stream.nextUniform()));",
    falsifies: "normal numbers have variance ½",
    caughtBy: { file: "test/random/random.test.ts", name: "gives standard normal numbers" },
  },
  {
    id: "shuffle-bound",
    file: "src/random/permutation.ts",
    line: "const j = stream.nextInteger(i + 1);",
    planted: "const j = stream.nextInteger(i);",
    falsifies: "shuffles make cycles of full length only (Sattolo), two of six orders of three",
    caughtBy: { file: "test/random/random.test.ts", name: "shuffles uniformly" },
  },
  {
    id: "elementary-log-two-cosh",
    file: "src/kernels/single.ts",
    line: "return f(magnitude + log1pUnit(expSingle(f(magnitude * -2))));",
    planted: "return f(magnitude + log1pUnit(expSingle(f(magnitude * -1))));",
    falsifies: "ln 2cosh x of single precision is that of another function around 0",
    caughtBy: { file: "test/kernels/single.test.ts", name: "relative error at most" },
  },
  {
    id: "binary-means",
    file: "src/kernels/reference/rbm.ts",
    line: "visibleOut[i] += scale * (ups + low * (visible.rows - ups));",
    planted: "visibleOut[i] += scale * (ups + low * visible.rows);",
    falsifies: "⟨v⟩ of spin units counts up spins as down ones too",
    caughtBy: { file: rbmKernels, name: "addMeans: the bias parts" },
  },
  {
    id: "wasm-threefry",
    file: `${assembly}threefry.ts`,
    line: "const PARITY: u32 = 0x1bd11bda;",
    planted: "const PARITY: u32 = 0x1bd11bdb;",
    falsifies: "random numbers of the WebAssembly kernels are not those of the reference",
    caughtBy: { file: "test/kernels/threefry-kernels.test.ts", name: "gives the published block" },
  },
  {
    id: "wasm-bonds",
    file: `${assembly}clusters.ts`,
    line: "for (let d = 0; d < degree; d += 2) {",
    planted: "for (let d = 0; d < degree; d += 1) {",
    falsifies: "Swendsen–Wang draws each bond from both of its ends, with 1 − (1 − p)²",
    caughtBy: {
      file: "test/kernels/lattice-kernels.test.ts",
      name: "Swendsen–Wang: spins and cluster sizes",
    },
  },
  {
    id: "wasm-weight-decay",
    file: `${assembly}gradient.ts`,
    line: "const force = f32x4.sub(f32x4.sub(g, f32x4.mul(w, shrinkage)), sign);",
    planted: "const force = f32x4.sub(f32x4.add(g, f32x4.mul(w, shrinkage)), sign);",
    falsifies: "the L2 penalty lets weights grow",
    caughtBy: { file: rbmKernels, name: "descend: one step of momentum, penalties" },
  },
  {
    id: "wasm-proximal",
    file: `${assembly}gradient.ts`,
    line: "return f32x4.sub(w, f32x4.pmax(f32x4.pmin(threshold, w), f32x4.neg(threshold)));",
    planted: "return f32x4.sub(w, f32x4.pmax(f32x4.pmin(threshold, w), i32x4.splat(0)));",
    falsifies: "the soft threshold of L1 leaves negative weights alone",
    caughtBy: { file: rbmKernels, name: "descend: one step of momentum, penalties" },
  },
  {
    id: "wasm-sample",
    file: `${assembly}single.ts`,
    line: "const p = f32x4.div(e, f32x4.add(constant(ONE), e));",
    planted: "const p = f32x4.div(e, f32x4.add(constant(TWO), e));",
    falsifies: "the rarer state of a unit is drawn with e/(2 + e), not with its probability",
    caughtBy: { file: rbmKernels, name: "samples, bit for bit" },
  },
  {
    id: "wasm-last-units",
    file: `${assembly}conditional.ts`,
    line: "const lanes = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(valid - k));",
    planted: "const lanes = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(TILE));",
    falsifies: "up to three units that are not there add ln 2 each to −H_λ",
    caughtBy: { file: rbmKernels, name: "logPartitions: out +=" },
  },
  {
    id: "wasm-mirrored-states",
    file: `${assembly}moments.ts`,
    line: "foldBlock(mirrored && column == traced.units ? odd : even, workspace, workspace + PRODUCT, sums, block);",
    planted: "foldBlock(even, workspace, workspace + PRODUCT, sums, block);",
    falsifies: "⟨v⟩ over half of the states takes what is even under v → −v for what is odd",
    caughtBy: {
      file: "test/kernels/enumeration-kernels.test.ts",
      name: "the statistics of several weights are those of direct summation where half",
    },
  },
];

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError, UsageError } from "../../src/errors/index.js";
import { encodeNpy, npzParts } from "../../src/io/index.js";
import { arrayView, type NdArray, referenceKernels } from "../../src/kernels/index.js";
import { exactLogPartition } from "../../src/rbm/log-partition/exact.js";
import { conventionNames, energySigns, orientations } from "../../src/runs/interchange/convention.js";
import { exportedNpz, exportLayer } from "../../src/runs/interchange/export-layers.js";
import { type ForeignChoice, readForeignStack } from "../../src/runs/interchange/foreign-layers.js";
import { importLayers } from "../../src/runs/interchange/import-layers.js";
import { expectError, temporaryFolder } from "../io/temporary.js";
import { randomRbm, toSingle, unitTypes } from "../rbm/oracle.js";

const unnamed: ForeignChoice = { weights: null, visibleBias: null, hiddenBias: null, noBias: false };

type Reals = NdArray<Float64Array>;

const vector = (...values: number[]): Reals => arrayView(Float64Array.from(values), [values.length]);
const matrix = (rows: number, columns: number): Reals =>
  arrayView(
    Float64Array.from({ length: rows * columns }, (_, k) => k + 1),
    [rows, columns],
  );

function archive(arrays: Readonly<Record<string, Reals>>): string {
  const path = join(temporaryFolder(), "foreign.npz");
  writeFileSync(path, Buffer.concat([...npzParts(Object.entries(arrays))]));
  return path;
}

const binary = { units: "binary", energy: "minus", orientation: null } as const;

describe("a stack in every convention", () => {
  for (const from of unitTypes) {
    for (const units of unitTypes) {
      for (const energy of energySigns) {
        for (const orientation of orientations) {
          it(`${from} → ${units}, ${energy}, ${orientation} → back has the same ln Z`, () => {
            const layers = [toSingle(randomRbm(from, 6, 4, "a")), toSingle(randomRbm(from, 4, 4, "b"))];
            const convention = { units, energy, orientation };
            const exported = layers.map((layer) => exportLayer(layer, convention));
            const path = join(temporaryFolder(), "stack.npz");
            writeFileSync(path, Buffer.concat([...exportedNpz(exported, convention)]));
            const { layers: foreign, stated } = readForeignStack([path], unnamed);
            expect(stated).toEqual(convention);
            const read = importLayers(foreign, convention, null);
            expect(read.orientation).toBe(orientation);
            layers.forEach((layer, index) => {
              const [own, theirs] = [layer, read.layers[index]].map((rbm) =>
                exactLogPartition(rbm, referenceKernels),
              );
              // Single precision of the parameters, some forty of them of order one.
              expect(theirs + exported[index].logPartitionShift).toBeCloseTo(own, 5);
              expect(theirs).not.toBeCloseTo(own + 1, 5);
              if (from === units) expect(read.layers[index]).toEqual(layer);
            });
          });
        }
      }
    }
  }
});

describe("which array is what", () => {
  it("is known by usual names, and by those the user gives", () => {
    const arrays = { W: matrix(2, 3), vbias: vector(1, 2), hbias: vector(3, 4, 5) };
    const { layers } = readForeignStack([archive(arrays)], unnamed);
    expect([...layers[0].visibleBias!.data, ...layers[0].hiddenBias!.data]).toEqual([1, 2, 3, 4, 5]);
    const hinton = archive({ vishid: matrix(2, 3), visbiases: vector(1, 2), hidbiases: vector(3, 4, 5) });
    expect(readForeignStack([hinton], unnamed).layers[0].hiddenBias!.data[0]).toBe(3);
    const path = archive({ J: matrix(2, 3), a: vector(1, 2), b: vector(3, 4, 5) });
    const choice = { ...unnamed, weights: "J", visibleBias: "a", hiddenBias: "b" };
    expect(readForeignStack([path], choice).layers[0].hiddenBias!.data[0]).toBe(3);
    expectError(() => readForeignStack([path], unnamed), UsageError, /"J", "a", "b"; say with --weights/);
    expectError(
      () => readForeignStack([path], { ...choice, visibleBias: null, hiddenBias: null }),
      UsageError,
      /also holds "a", "b"; say with --visible-bias and --hidden-bias/,
    );
    expect(
      readForeignStack([path], { ...unnamed, weights: "J", noBias: true }).layers[0].visibleBias,
    ).toBeNull();
  });

  it("is asked for where two names are usual, and refused where flags contradict", () => {
    const path = archive({ W: matrix(2, 3), weights: matrix(2, 3) });
    expectError(() => readForeignStack([path], unnamed), UsageError, /"W", "weights"; say with --weights/);
    expectError(
      () => readForeignStack([path], { ...unnamed, visibleBias: "a", noBias: true }),
      UsageError,
      /--no-bias contradicts/,
    );
    expectError(() => readForeignStack([path, path], { ...unnamed, weights: "W" }), UsageError, /one layer/);
    expectError(() => readForeignStack(["model.pt"], unnamed), UsageError, /\.npz, \.npy, \.csv/);
  });
});

describe("files that do not go together", () => {
  it("are refused where they state different conventions, or only some state one", () => {
    const stated = (sign: number) =>
      archive({
        W: matrix(2, 2),
        [conventionNames.lowerState]: vector(-1),
        [conventionNames.energySign]: vector(sign),
      });
    const silent = archive({ W: matrix(2, 2) });
    expect(readForeignStack([stated(1), stated(1)], unnamed).stated).toEqual({
      units: "spin",
      energy: "plus",
    });
    expectError(
      () => readForeignStack([stated(-1), stated(1)], unnamed),
      UsageError,
      /file 2 says of its convention: spin, plus, file 1: spin, minus\./,
    );
    expectError(() => readForeignStack([stated(-1), silent], unnamed), UsageError, /convention: nothing/);
  });

  it("nor do arrays of a stack with flags for one layer, or with a number left out", () => {
    const layers = { weights_1: matrix(2, 2), weights_2: matrix(2, 2) };
    const bias = { ...unnamed, hiddenBias: "b" };
    expectError(
      () => readForeignStack([archive({ ...layers, b: vector(1, 2) })], bias),
      UsageError,
      /a stack/,
    );
    const gap = archive({ ...layers, weights_4: matrix(2, 2) });
    expectError(() => readForeignStack([gap], unnamed), UsageError, /3 arrays weights_N, but no weights_3/);
  });

  it("nor names that are not there", () => {
    const path = archive({ W: matrix(2, 3), hbias: vector(1, 2, 3) });
    expectError(() => readForeignStack([path], { ...unnamed, weights: "Q" }), UsageError, /--weights Q: /);
    expectError(() => readForeignStack([path], { ...unnamed, visibleBias: "c" }), UsageError, /no bias "c"/);
  });
});

describe("the orientation", () => {
  const read = (arrays: Readonly<Record<string, Reals>>, visible: number | null) =>
    importLayers(readForeignStack([archive(arrays)], unnamed).layers, binary, visible);

  it("is inferred from biases or visible units, and transposes", () => {
    expect(read({ W: matrix(2, 3) }, 2).layers[0]).toMatchObject({ visible: 2, hidden: 3 });
    const transposed = read({ W: matrix(2, 3), hbias: vector(7, 8) }, null);
    expect(transposed.orientation).toBe("hidden-visible");
    expect([...transposed.layers[0].weights]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...transposed.layers[0].hiddenBias]).toEqual([7, 8]);
    expect([...transposed.layers[0].visibleBias]).toEqual([0, 0, 0]);
  });

  it("is asked for where both are possible, and refused where none is", () => {
    expectError(() => read({ W: matrix(2, 3) }, null), UsageError, /could be .* --orientation/);
    expectError(() => read({ W: matrix(3, 3) }, 3), UsageError, /could be .* --orientation/);
    expectError(() => read({ W: matrix(2, 3) }, 4), DataError, /does not fit 4 visible units below/);
    expectError(
      () => read({ W: matrix(2, 3), vbias: vector(1, 2), hbias: vector(1, 2) }, null),
      DataError,
      /does not fit 2 visible biases, 2 hidden biases/,
    );
    expectError(() => read({ W: vector(1, 2) }, null), DataError, /weights are a matrix/);
    expectError(() => read({ W: matrix(2, 3), vbias: matrix(2, 2) }, null), DataError, /biases are a vector/);
  });
});

describe("numbers", () => {
  it("that are not finite, or too large for single precision, are refused", () => {
    const path = join(temporaryFolder(), "W.npy");
    for (const [value, message] of [
      [NaN, /element 1 is NaN; expected finite/],
      [Infinity, /element 1 is Infinity/],
      [1e39, /element 1 is 1e\+39; parameters are kept in single precision/],
    ] as const) {
      writeFileSync(path, encodeNpy(Float64Array.of(0, value, 0, 0, 0, 0), [2, 3]));
      expectError(
        () => importLayers(readForeignStack([path], unnamed).layers, binary, 2),
        DataError,
        path,
        message,
      );
    }
  });

  it("of text are read with or without a line of names", () => {
    const path = join(temporaryFolder(), "W.csv");
    writeFileSync(path, "h0,h1,h2\n0.5,-1e-3,2\n1,2,3\n");
    const [layer] = importLayers(readForeignStack([path], unnamed).layers, binary, 2).layers;
    expect([...layer.weights]).toEqual([0.5, -1e-3, 2, 1, 2, 3].map(Math.fround));
  });
});

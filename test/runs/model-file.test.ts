import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/errors/index.js";
import { referenceKernels } from "../../src/kernels/index.js";
import { exactLogPartition } from "../../src/rbm/log-partition/exact.js";
import { energySigns, orientations } from "../../src/runs/interchange/convention.js";
import { readModel } from "../../src/runs/interchange/read-model.js";
import { writeModel } from "../../src/runs/interchange/write-model.js";
import { expectError, temporaryFolder } from "../io/temporary.js";
import { randomRbm, toSingle, unitTypes } from "../rbm/oracle.js";

const newPath = (): string => join(temporaryFolder(), "model.npz");

describe("a model file", () => {
  it("is read back exactly, whatever the sign and orientation, without a description", () => {
    const path = newPath();
    const stack = [toSingle(randomRbm("spin", 6, 4, "a")), toSingle(randomRbm("spin", 4, 4, "b"))];
    for (const energy of energySigns) {
      for (const orientation of orientations) {
        expect(writeModel(path, stack, { energy, orientation })).toEqual([0, 0]);
        expect(readModel(path)).toEqual(stack);
      }
    }
  });

  it("in other units has another ln Z, by what writing returns", () => {
    const path = newPath();
    for (const units of unitTypes) {
      const layer = toSingle(randomRbm(units === "spin" ? "binary" : "spin", 5, 3, "c"));
      const [shift] = writeModel(path, [layer], { units });
      const [read] = readModel(path, { units });
      expect(read.units).toBe(units);
      const [own, theirs] = [layer, read].map((rbm) => exactLogPartition(rbm, referenceKernels));
      expect(theirs + shift).toBeCloseTo(own, 5);
    }
  });

  it("may not be described as what it is not", () => {
    const path = newPath();
    writeModel(path, [toSingle(randomRbm("spin", 5, 3, "d"))]);
    expectError(() => readModel(path, { units: "binary" }), UsageError, /says of itself that it is spin/);
    expectError(() => readModel([path], { energy: "plus" }), UsageError, /says of itself that it is minus/);
  });
});

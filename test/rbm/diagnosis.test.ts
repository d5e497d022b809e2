import { describe, expect, it } from "vitest";
import { referenceKernels } from "../../src/kernels/index.js";
import { type Assessment, assess } from "../../src/rbm/assessment.js";
import { diagnose, type DiagnosedLayer, type Finding, leastLogPartition } from "../../src/rbm/diagnosis.js";
import { zeroRbm } from "../../src/rbm/parameters.js";
import { enumerateJoint, randomRbm } from "./oracle.js";

/** Nothing is known of the layer but what a test says. */
function layer(
  assessment: Partial<Assessment>,
  options: Partial<DiagnosedLayer["options"]> = {},
  symmetric: boolean | null = true,
): DiagnosedLayer {
  const blank = assess(zeroRbm("spin", 40, 30), null, null, referenceKernels);
  return {
    options: { objective: "kl", gauge: "literal", units: "spin", bias: true, ...options },
    visible: 16,
    hidden: 4,
    symmetric,
    assessment: { ...blank, ...assessment },
  };
}

const kinds = (given: DiagnosedLayer): Finding["kind"][] => diagnose(given).map(({ kind }) => kind);
const text = (given: DiagnosedLayer): string =>
  diagnose(given)
    .map((finding) => finding.text)
    .join("\n");
const literal = { objective: "free-energy", gauge: "literal" } as const;

describe("the diagnosis of a layer", () => {
  it("says nothing of a layer of which nothing is known", () => {
    expect(diagnose(layer({}))).toEqual([]);
  });

  it("calls F unreachable if ln Z is below (n + m) ln 2 by more than its error, for the literal gauge alone", () => {
    const far = { freeEnergyTarget: -13, freeEnergyTargetError: 0.1, squaredNorm: 0.25 };
    expect(kinds(layer(far, literal))).toEqual(["unreachable"]);
    expect(text(layer(far, literal))).toBe(
      "unreachable: ln Z = 13 < (n+m) ln 2 = 13.86 nats; the objective's minimum is the zero RBM (now ‖λ‖² = 0.25)",
    );
    expect(kinds(layer({ ...far, freeEnergyTargetError: 0.3 }, literal))).toEqual([]);
    expect(kinds(layer({ ...far, freeEnergyTarget: -13.87 }, literal))).toEqual([]);
    expect(kinds(layer(far, { objective: "free-energy", gauge: "data" }))).toEqual([]);
    expect(kinds(layer(far, { objective: "kl" }))).toEqual([]);
    expect(kinds(layer(far, { ...literal, units: "binary" }))).toEqual([]);
    const below = { ...far, freeEnergyTarget: -11, freeEnergyTargetError: 0.01 };
    expect(text(layer(below, { ...literal, units: "binary", bias: false }))).toContain(
      "ln Z = 11 < ln(2^n + 2^m − 1) = 11.09 nats; no RBM of this shape",
    );
  });

  it("calls a hidden layer trivial that is independent of the visible one", () => {
    expect(kinds(layer({ hiddenInformation: 9e-4 }))).toEqual(["trivial"]);
    expect(text(layer({ hiddenInformation: 9e-4 }))).toContain("hidden layer independent of visible");
    expect(kinds(layer({ hiddenInformation: 1.1e-3 }))).toEqual([]);
  });

  it("sees a closed gap between different distributions, beyond the errors", () => {
    const closed = { freeEnergyGap: -0.4, freeEnergyGapError: 0, klPerSpin: 0.31, klPerSpinError: 0 };
    expect(kinds(layer(closed))).toEqual(["gap-closed"]);
    expect(text(layer(closed))).toContain("gap closed but KL/spin = 0.31 nats: F − F_λ = -0.4 nats");
    expect(kinds(layer({ ...closed, freeEnergyGap: 0.6 }))).toEqual([]);
    expect(kinds(layer({ ...closed, freeEnergyGap: 0.6, freeEnergyGapError: 0.25 }))).toEqual(["gap-closed"]);
    expect(kinds(layer({ ...closed, klPerSpin: 0.009 }))).toEqual([]);
    expect(kinds(layer({ ...closed, klPerSpin: 0.03, klPerSpinError: 0.01 }))).toEqual([]);
  });

  it("does not call a gap closed that cannot be, nor one that is lost in its error", () => {
    // 11.09 = (12 + 4) ln 2: a ring of 12 spins as it is after two epochs
    const beyond = { freeEnergyTarget: -10.5, freeEnergyTargetError: 0, klPerSpin: 0.2, klPerSpinError: 0 };
    const ring = {
      ...layer({ ...beyond, freeEnergyGap: 0.45, freeEnergyGapError: 0 }, literal),
      visible: 12,
    };
    expect(kinds(ring)).toEqual(["unreachable"]);
    const lost = { freeEnergyGap: -9, freeEnergyGapError: 40, klPerSpin: 3, klPerSpinError: 0.1 };
    expect(kinds(layer(lost))).toEqual(["gap-undecided"]);
    expect(text(layer(lost))).toBe(
      "undecided whether the gap is closed: F − F_λ = -9(40) nats, with an error above 0.5",
    );
    expect(kinds(layer({ ...lost, freeEnergyGapError: 2.9 }))).toEqual([]);
    expect(kinds(layer({ ...lost, freeEnergyGap: 0.2, freeEnergyGapError: 0.51 }))).toEqual([
      "gap-undecided",
    ]);
    expect(kinds(layer({ ...lost, freeEnergyGap: 0.2, freeEnergyGapError: 0.49 }))).toEqual(["gap-closed"]);
  });

  it("sees which first-order conditions are met: to noise, or exactly", () => {
    expect(kinds(layer({ conditionKl: 0.23, conditionKlNoise: 0.2 }))).toEqual(["condition-kl"]);
    expect(kinds(layer({ conditionKl: 0.25, conditionKlNoise: 0.2 }))).toEqual([]);
    expect(kinds(layer({ conditionRg: 0.23, conditionRgNoise: 0.2 }))).toEqual(["condition-rg"]);
    // 64 weights and 20 biases
    expect(kinds(layer({ conditionRg: 9.1e-3, conditionRgNoise: 0 }))).toEqual(["condition-rg"]);
    expect(kinds(layer({ conditionRg: 9.2e-3, conditionRgNoise: 0 }))).toEqual([]);
    expect(kinds(layer({ conditionRg: 9.1e-3, conditionRgNoise: 0 }, { bias: false }))).toEqual([]);
    expect(text(layer({ conditionKl: 0.23, conditionKlNoise: 0.2 }))).toBe(
      "first-order condition of KL met to noise (0.2 expected from sampling alone): ‖⟨∇H_λ⟩_P − ⟨∇H_λ⟩_λ‖ = 0.23",
    );
  });

  it("misses a lost mode of symmetric data alone", () => {
    expect(kinds(layer({ positiveFraction: 0.96 }))).toEqual(["lost-mode"]);
    expect(kinds(layer({ positiveFraction: 0.04 }))).toEqual(["lost-mode"]);
    expect(kinds(layer({ positiveFraction: 0.94 }))).toEqual([]);
    expect(kinds(layer({ positiveFraction: 0.96 }, {}, false))).toEqual([]);
    expect(kinds(layer({ positiveFraction: 0.96 }, {}, null))).toEqual([]);
  });

  it("passes on that ln Z_λ is doubtful", () => {
    const doubtful = { logPartition: 12.3456, logPartitionError: 0.0321, logPartitionReliable: 0 };
    expect(text(layer(doubtful))).toContain("doubtful: ln Z_λ = 12.346(32) nats");
    expect(kinds(layer({ ...doubtful, logPartitionReliable: 1 }))).toEqual([]);
  });
});

describe("the least ln Z_λ of a shape", () => {
  it.each([
    ["spin", true],
    ["spin", false],
    ["binary", true],
    ["binary", false],
  ] as const)("bounds ln Z_λ from below and is approached: %s units, biases %s", (units, bias) => {
    const least = (visible: number, hidden: number): number =>
      leastLogPartition({ ...layer({}, { units, bias }), visible, hidden });
    for (const [visible, hidden] of [
      [5, 3],
      [3, 4],
    ]) {
      for (let trial = 0; trial < 50; trial++) {
        const rbm = randomRbm(units, visible, hidden, trial, 0.02 * 1.2 ** trial);
        if (!bias) for (const biases of [rbm.visibleBias, rbm.hiddenBias]) biases.fill(0);
        expect(enumerateJoint(rbm).logPartition).toBeGreaterThan(least(visible, hidden));
      }
      const limit = randomRbm(units, visible, hidden, "limit", 0);
      if (units === "binary") {
        limit.weights.fill(bias ? 0 : -60);
        if (bias) for (const biases of [limit.visibleBias, limit.hiddenBias]) biases.fill(-60);
      }
      expect(enumerateJoint(limit).logPartition).toBeCloseTo(least(visible, hidden), 12);
    }
  });
});

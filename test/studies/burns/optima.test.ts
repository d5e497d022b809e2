import { describe, expect, it } from "vitest";
import { judgeOptima } from "../../../src/studies/burns/optima.js";
import { run, verdictOn } from "./runs.js";

const exact = { conditionKlNoise: 0, conditionRgNoise: 0, freeEnergyGapError: 0, logPartitionReliable: 1 };
const sampled = {
  conditionKlNoise: 1,
  conditionRgNoise: 1,
  freeEnergyGapError: 0.001,
  logPartitionReliable: 1,
};

/** At K = 0.408 F can be reached with 4 hidden units on 4×4, at 0.3 it cannot. */
const literal = run(
  { objective: "literal" },
  { ...exact, freeEnergyGap: 1e-6, conditionRg: 1.4, squaredNorm: 1.7 },
);
const zeroRbm = run(
  { objective: "literal", coupling: 0.3 },
  { ...exact, freeEnergyGap: 1.08, conditionRg: 1e-12, squaredNorm: 1e-24 },
);
const kl = run({ objective: "kl" }, { ...exact, klPerSpin: 0.01, conditionKl: 1e-5, conditionRg: 5 });

const AT_KL = "at the minimum of KL";
const REACHED = "is brought to zero";
const UNREACHED = "is out of reach";

describe("the first-order conditions", () => {
  it("hold where Burns has them", () => {
    const claims = judgeOptima([kl, literal, zeroRbm]);
    for (const words of [AT_KL, REACHED, UNREACHED]) expect(verdictOn(words, claims)).toBe("yes");
  });

  it("say nothing where there is no run, or a number is missing", () => {
    for (const words of [AT_KL, REACHED, UNREACHED])
      expect(verdictOn(words, judgeOptima([]))).toBe("undecided");
    const without = [kl, literal, zeroRbm].map((one) => {
      const final = { ...one.final, conditionRg: null, freeEnergyGap: null };
      return { ...one, final, metrics: [...one.metrics.slice(0, -1), final] };
    });
    for (const words of [AT_KL, REACHED, UNREACHED])
      expect(verdictOn(words, judgeOptima(without))).toBe("undecided");
  });

  it("are not judged by runs that are not finished", () => {
    const falling = run(
      { objective: "kl" },
      { ...exact, klPerSpin: 0.01, conditionKl: 0.05, conditionRg: 5 },
    );
    expect(verdictOn(AT_KL, judgeOptima([falling, literal]))).toBe("undecided");
    const open = run({ objective: "literal" }, { ...exact, freeEnergyGap: -0.4, conditionRg: 1.4 });
    expect(verdictOn(REACHED, judgeOptima([open]))).toBe("undecided");
    const shrinking = run(
      { objective: "literal", coupling: 0.3 },
      {
        ...exact,
        freeEnergyGap: 1.2,
        conditionRg: 0.5,
        squaredNorm: Array.from({ length: 20 }, (_, k) => 0.5 ** k),
      },
    );
    expect(verdictOn(UNREACHED, judgeOptima([shrinking]))).toBe("undecided");
  });

  it("are contradicted by an optimum at which the wrong one holds", () => {
    const both = run(
      { objective: "kl" },
      { ...exact, klPerSpin: 0.01, conditionKl: 1e-5, conditionRg: 1e-6 },
    );
    expect(verdictOn(AT_KL, judgeOptima([both, literal]))).toBe("no");
    const stationary = run({ objective: "literal" }, { ...exact, freeEnergyGap: 1e-6, conditionRg: 1e-6 });
    expect(verdictOn(REACHED, judgeOptima([stationary]))).toBe("no");
    const elsewhere = run(
      { objective: "literal", coupling: 0.3 },
      { ...exact, freeEnergyGap: 1.2, conditionRg: 0.5, squaredNorm: 3 },
    );
    expect(verdictOn(UNREACHED, judgeOptima([elsewhere]))).toBe("no");
    const impossible = run(
      { objective: "literal", coupling: 0.3 },
      { ...exact, freeEnergyGap: 0, conditionRg: 1e-12 },
    );
    expect(verdictOn(UNREACHED, judgeOptima([impossible]))).toBe("no");
  });

  it("are judged to noise where they are sampled", () => {
    const of = (conditionKl: number, conditionRg: number) =>
      run({ objective: "kl", lattice: "16x16", hidden: 64 }, { ...sampled, conditionKl, conditionRg });
    const beside = run(
      { objective: "literal", lattice: "16x16", hidden: 64 },
      { ...sampled, freeEnergyGap: 0.01, conditionRg: 3 },
    );
    expect(verdictOn(AT_KL, judgeOptima([of(1.1, 10), beside]))).toBe("yes");
    expect(verdictOn(AT_KL, judgeOptima([of(1.3, 10), beside]))).toBe("undecided");
    expect(verdictOn(AT_KL, judgeOptima([of(1.1, 1.1), beside]))).toBe("no");
    expect(verdictOn(REACHED, judgeOptima([beside]))).toBe("yes");
    for (const doubt of [{ freeEnergyGapError: 5 }, { logPartitionReliable: 0 }, { conditionRgNoise: 2.3 }]) {
      const doubted = { ...beside, final: { ...beside.final, ...doubt } };
      expect(verdictOn(REACHED, judgeOptima([doubted]))).toBe("undecided");
    }
  });

  it("compare the same system: a minimum of KL elsewhere does not count", () => {
    const elsewhere = run(
      { objective: "kl", hidden: 6 },
      { ...exact, klPerSpin: 0.01, conditionKl: 1e-5, conditionRg: 1e-6 },
    );
    expect(verdictOn(AT_KL, judgeOptima([kl, elsewhere, literal]))).toBe("yes");
  });
});

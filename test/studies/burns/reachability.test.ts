import { describe, expect, it } from "vitest";
import { familiesOf } from "../../../src/studies/burns/families.js";
import { judgeReachability } from "../../../src/studies/burns/reachability.js";
import { excessOf, exactTorusOf, reachableCoupling } from "../../../src/studies/burns/threshold.js";
import { torus } from "../../../src/ising/lattice.js";
import type { MetricsRow } from "../../../src/runs/index.js";
import { run, verdictOn } from "./runs.js";

const lattice = torus(4, 4);

/** Runs that end just as predicted, but for what `change` makes of them; with `shift` the data are really those of K + shift. */
function runs(change: (coupling: number) => Partial<MetricsRow> = () => ({}), shift = 0) {
  return Array.from({ length: 40 }, (_, k) => {
    const coupling = Number((0.3 + 0.004 * k).toFixed(3));
    const excess = excessOf(lattice, coupling + shift, 4);
    const { logPartition, energyPerSite } = exactTorusOf(lattice, coupling);
    const squaredNorm = 2 * Math.max(0, excess);
    return run(
      { objective: "literal", coupling },
      {
        squaredNorm,
        freeEnergyGap: Math.max(0, -excess),
        klPerSpin: Math.LN2 - logPartition / 16 - coupling * energyPerSite,
        klPerSpinError: 0,
        ...change(coupling),
      },
    );
  });
}

const judged = (...given: Parameters<typeof runs>) => judgeReachability(familiesOf(runs(...given)));
const threshold = reachableCoupling(lattice, 4);

const LOCATED = "can be met only above K*";
const ABOVE = "above K* the gap closes";
const BELOW = "ends at the zero RBM";

describe("reachability", () => {
  it("is confirmed by runs that do what is predicted", () => {
    for (const words of [LOCATED, ABOVE, BELOW]) expect(verdictOn(words, judged())).toBe("yes");
  });

  it("is contradicted by a transition elsewhere", () => {
    const claims = judged(undefined, 0.006);
    expect(verdictOn(LOCATED, claims)).toBe("no");
    expect(verdictOn(ABOVE, claims)).toBe("no");
  });

  it("is contradicted by a gap that stays open, a wrong size of λ, or a zero RBM that is none", () => {
    const above = (change: Partial<MetricsRow>) => (coupling: number) => (coupling > threshold ? change : {});
    const below = (change: Partial<MetricsRow>) => (coupling: number) => (coupling < threshold ? change : {});
    expect(verdictOn(ABOVE, judged(above({ freeEnergyGap: -0.7 })))).toBe("no");
    expect(verdictOn(ABOVE, judged(above({ squaredNorm: 1 })))).toBe("no");
    expect(verdictOn(BELOW, judged(below({ klPerSpin: 0.1 })))).toBe("no");
    expect(
      verdictOn(
        BELOW,
        judged((coupling) => (coupling < 0.31 ? { squaredNorm: 0.1 } : {})),
      ),
    ).toBe("no");
  });

  it("is undecided where numbers are missing, or there is nothing on a side", () => {
    const missing = judged(() => ({ freeEnergyGap: null, klPerSpin: null }));
    expect(verdictOn(ABOVE, missing)).toBe("undecided");
    expect(verdictOn(BELOW, missing)).toBe("undecided");
    const onlyBelow = judgeReachability(familiesOf(runs().filter(({ final }) => final.squaredNorm === 0)));
    expect(verdictOn(LOCATED, onlyBelow)).toBe("undecided");
    expect(verdictOn(ABOVE, onlyBelow)).toBe("undecided");
  });
});

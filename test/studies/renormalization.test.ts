import { describe, expect, it } from "vitest";
import { answer } from "../../src/studies/renormalization/answer.js";
import { judgeCouplings, type RecoveredCouplings } from "../../src/studies/renormalization/couplings.js";
import {
  hasIsingExponents,
  isCutOff,
  judgeRules,
  rbmVerdict,
  type RuleExponents,
} from "../../src/studies/renormalization/exponents.js";
import { flowsAsRg, judgeFlows, type RunFlow } from "../../src/studies/renormalization/flows.js";
import { golden, judgeKadanoff } from "../../src/studies/renormalization/kadanoff.js";
import {
  judgeThermometers,
  type TemperatureReading,
} from "../../src/studies/renormalization/thermometers.js";
import { judgeVenn, type VennPlace } from "../../src/studies/renormalization/venn.js";
import type { Claim } from "../../src/studies/study.js";

function verdict(claims: readonly Claim[], words: string): string {
  const found = claims.filter(({ claim }) => claim.includes(words));
  expect(found, words).toHaveLength(1);
  return found[0].verdict;
}

describe("couplings of RBMs", () => {
  const good: RecoveredCouplings = {
    ...{
      name: "wide",
      coupling: 0.4,
      nearest: 0.39,
      projected: 0.4,
      far: 0.01,
      hasFar: true,
      klPerSpin: 0.001,
    },
  };
  const enough = "hidden units enough";

  it("are recovered within 5 % of K and 0.02 beyond three sites", () => {
    expect(verdict(judgeCouplings([good], []), enough)).toBe("yes");
    expect(verdict(judgeCouplings([{ ...good, nearest: 0.37 }], []), enough)).toBe("no");
    expect(verdict(judgeCouplings([{ ...good, far: 0.03 }], []), enough)).toBe("no");
    expect(verdict(judgeCouplings([{ ...good, far: NaN, hasFar: false }], []), enough)).toBe("yes");
    expect(verdict(judgeCouplings([{ ...good, nearest: NaN }], []), enough)).toBe("undecided");
    expect(verdict(judgeCouplings([], []), enough)).toBe("undecided");
  });

  it("are explained by KL where the better fit is the nearer one", () => {
    const worse = { ...good, nearest: 0.3, klPerSpin: 0.1 };
    expect(verdict(judgeCouplings([good], [worse]), "what KL says")).toBe("yes");
    expect(verdict(judgeCouplings([good], [{ ...worse, klPerSpin: 0.0001 }]), "what KL says")).toBe("no");
    expect(verdict(judgeCouplings([good], [{ ...worse, coupling: 0.3 }]), "what KL says")).toBe("undecided");
  });
});

describe("Liu's Venn diagram", () => {
  const place: VennPlace = {
    ...{ name: "a", coupling: 0.4, trained: false, rbmFit: true, variationalRg: true, exactRg: true },
    ...{ good: true, independent: false, nearShare: 1 },
  };

  it("ends an inclusion with one counterexample, and leaves it open without an example", () => {
    expect(verdict(judgeVenn([place]), "one way")).toBe("yes");
    expect(verdict(judgeVenn([place, { ...place, variationalRg: false }]), "one way")).toBe("no");
    expect(verdict(judgeVenn([place, { ...place, variationalRg: null }]), "one way")).toBe("undecided");
    expect(verdict(judgeVenn([]), "one way")).toBe("undecided");
    expect(verdict(judgeVenn([place, { ...place, independent: true }]), "depends on v")).toBe("no");
    expect(verdict(judgeVenn([{ ...place, rbmFit: false }]), "other way")).toBe("no");
  });

  it("judges trained RBMs alone by the trace condition and the range of H′", () => {
    const trained = { ...place, trained: true, exactRg: false, good: false, nearShare: 0.3 };
    expect(verdict(judgeVenn([place, trained]), "trace condition")).toBe("no");
    expect(verdict(judgeVenn([place, trained]), "short-ranged")).toBe("no");
    expect(verdict(judgeVenn([place]), "trace condition")).toBe("undecided");
    expect(verdict(judgeVenn([place, { ...trained, exactRg: true, good: null }]), "trace condition")).toBe(
      "yes",
    );
  });
});

describe("block rules", () => {
  const rule: RuleExponents = {
    ...{ rule: "rbm-kl", lattice: "64x64", steps: 3, thermal: { value: 1.003, error: 0.005 } },
    ...{ magnetic: { value: 1.876, error: 0.001 }, magneticAlone: { value: 1.874, error: 0.001 } },
    ...{ nearest: [0.3], second: [0] },
  };

  it("have Ising exponents only if both are near and known well enough", () => {
    expect(hasIsingExponents(rule)).toBe("yes");
    expect(hasIsingExponents({ ...rule, thermal: { value: 1.1, error: 0.005 } })).toBe("no");
    expect(hasIsingExponents({ ...rule, magnetic: { value: 1.9, error: 0.001 } })).toBe("no");
    expect(hasIsingExponents({ ...rule, thermal: { value: 1.003, error: 0.02 } })).toBe("undecided");
    expect(hasIsingExponents({ ...rule, steps: 1 })).toBe("undecided");
  });

  it("are cut off where y_H does not hang on the number of couplings", () => {
    expect(isCutOff(rule)).toBe("yes");
    expect(isCutOff({ ...rule, magneticAlone: { value: 1.99, error: 0.003 } })).toBe("no");
    const decimation: RuleExponents = {
      ...rule,
      rule: "decimation",
      magneticAlone: { value: 1.99, error: 0.003 },
    };
    const claims = judgeRules([rule, decimation, { ...rule, rule: "majority" }]);
    expect(verdict(claims, "decimation keeps")).toBe("no");
    expect(verdict(claims, "the majority keeps")).toBe("yes");
    expect(verdict(claims, "the majority of 3×3")).toBe("undecided");
    expect(verdict(claims, "trained for the least KL(P‖P_λ)")).toBe("yes");
  });

  it("of RBMs renormalize if one of them does, and only those of RBMs count", () => {
    const bad: RuleExponents = { ...rule, rule: "rbm-trace", thermal: { value: 1.2, error: 0.01 } };
    expect(rbmVerdict([rule, bad])).toBe("yes");
    expect(rbmVerdict([bad])).toBe("no");
    expect(rbmVerdict([{ ...rule, rule: "majority" }])).toBe("undecided");
    expect(rbmVerdict([bad, { ...rule, thermal: { value: 1, error: 0.1 } }])).toBe("undecided");
  });
});

describe("flows", () => {
  const flow: RunFlow = {
    ...{ name: "T = 3.333", temperature: 10 / 3, machine: "trained", kind: "gibbs", verdict: "elsewhere" },
    ...{ fixed: { value: 3.3, error: 0.02 }, stable: true, ising: false },
  };
  const critical = { ...flow, fixed: { value: 2.28, error: 0.01 } };

  it("go to T_c, to the data, or elsewhere", () => {
    expect(verdict(judgeFlows([flow], []), "flows to T_c whatever")).toBe("no");
    expect(verdict(judgeFlows([critical], []), "flows to T_c whatever")).toBe("yes");
    expect(verdict(judgeFlows([flow], []), "temperature of the data")).toBe("yes");
    expect(verdict(judgeFlows([critical], []), "temperature of the data")).toBe("no");
    const unsure = { ...flow, fixed: { value: 3.3, error: 0.2 } };
    expect(verdict(judgeFlows([unsure], []), "temperature of the data")).toBe("undecided");
    const none = { ...flow, fixed: { value: NaN, error: NaN } };
    expect(verdict(judgeFlows([none], []), "temperature of the data")).toBe("no");
    expect(verdict(judgeFlows([{ ...flow, stable: false }], []), "temperature of the data")).toBe("no");
    expect(verdict(judgeFlows([], []), "temperature of the data")).toBe("undecided");
  });

  it("trained at T_c say nothing of a flow to T_c whatever the data", () => {
    expect(verdict(judgeFlows([{ ...critical, temperature: 2.2692 }], []), "T_c whatever")).toBe("undecided");
  });

  it("arrive at Ising states or not", () => {
    expect(verdict(judgeFlows([flow], []), "where v → h → v′ arrives")).toBe("no");
    expect(verdict(judgeFlows([{ ...flow, ising: true }], []), "where v → h → v′ arrives")).toBe("yes");
  });

  it("are those of a renormalization group only where T_c is unstable", () => {
    const upward = { ...critical, kind: "layers", stable: false };
    expect(flowsAsRg([flow, upward])).toBe("yes");
    expect(flowsAsRg([flow, { ...upward, stable: true }])).toBe("no");
    expect(flowsAsRg([{ ...upward, machine: "untrained" }])).toBe("undecided");
    expect(verdict(judgeFlows([upward], []), "from layer to layer")).toBe("yes");
    expect(verdict(judgeFlows([{ ...upward, stable: true }], []), "from layer to layer")).toBe("no");
  });

  it("of nulls do not go to T_c", () => {
    expect(verdict(judgeFlows([{ ...flow, machine: "untrained" }], []), "no null")).toBe("yes");
    expect(verdict(judgeFlows([], [critical]), "no null")).toBe("no");
    expect(verdict(judgeFlows([critical], []), "no null")).toBe("undecided");
  });
});

describe("Kadanoff's variational RG", () => {
  it("has the golden values to six digits, and a bound", () => {
    const row = { exact: 0.9, fixed: 0.91, optimal: 0.9005 };
    expect(verdict(judgeKadanoff(golden, [row]), "fixed point")).toBe("yes");
    expect(verdict(judgeKadanoff({ ...golden, thermal: 1.000881 }, [row]), "fixed point")).toBe("no");
    expect(verdict(judgeKadanoff({ ...golden, thermal: NaN }, [row]), "fixed point")).toBe("undecided");
    expect(verdict(judgeKadanoff(golden, [row]), "lower bound")).toBe("yes");
    expect(verdict(judgeKadanoff(golden, [row, { ...row, optimal: 0.899 }]), "lower bound")).toBe("no");
    expect(verdict(judgeKadanoff(golden, []), "lower bound")).toBe("undecided");
  });
});

describe("thermometers", () => {
  const reading: TemperatureReading = { thermometer: "binder", exact: 2, value: 2.002, error: 0.004 };

  it("are judged by the readings that say something", () => {
    const judge = (...readings: TemperatureReading[]) =>
      verdict(judgeThermometers(readings, []), "every thermometer");
    expect(judge(reading)).toBe("yes");
    expect(judge(reading, { ...reading, value: 2.1, error: 0.1 })).toBe("yes");
    expect(judge(reading, { ...reading, value: 2.1 })).toBe("no");
    expect(judge({ ...reading, value: NaN, error: NaN })).toBe("undecided");
  });

  it("come with a residual test that tells Ising states from others", () => {
    const ising = { data: "T = 2", isIsing: true, pValue: 0.4 };
    const mixed = { data: "half and half", isIsing: false, pValue: 1e-6 };
    const claims = judgeThermometers([], [ising, mixed]);
    expect(verdict(claims, "takes Ising")).toBe("yes");
    expect(verdict(claims, "rejects mixtures")).toBe("yes");
    const rejected = { ...ising, pValue: 0.001 };
    expect(verdict(judgeThermometers([], [rejected, rejected]), "takes Ising")).toBe("no");
    expect(verdict(judgeThermometers([], [{ ...mixed, pValue: 0.2 }]), "rejects mixtures")).toBe("no");
    expect(verdict(judgeThermometers([], []), "rejects mixtures")).toBe("undecided");
  });
});

describe("the answer", () => {
  it("follows from both halves", () => {
    expect(answer("yes", "no")).toMatchObject({ verdict: "no" });
    expect(answer("yes", "no").measured).toMatch(/as a block rule it does: .* as a flow it does not/);
    expect(answer("yes", "yes").verdict).toBe("yes");
    expect(answer("undecided", "yes").verdict).toBe("undecided");
  });
});

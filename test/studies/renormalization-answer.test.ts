import { describe, expect, it } from "vitest";
import { answer } from "../../src/studies/renormalization/answer.js";
import {
  answerOfRules,
  hasIsingExponents,
  isCutOff,
  judgeRules,
  type RuleExponents,
} from "../../src/studies/renormalization/exponents.js";
import type { RunFlow } from "../../src/studies/renormalization/flow-runs.js";
import { flowsAsRg, judgeFlows } from "../../src/studies/renormalization/flows.js";
import type { Claim } from "../../src/studies/study.js";
import type { Verdict } from "../../src/studies/verdicts.js";

function verdict(claims: readonly Claim[], words: string): string {
  const found = claims.filter(({ claim }) => claim.includes(words));
  expect(found, words).toHaveLength(1);
  return found[0].verdict;
}

describe("block rules", () => {
  const rule: RuleExponents = {
    ...{ rule: "rbm-kl", draw: 0, lattice: "64x64", steps: 3, thermal: { value: 1.003, error: 0.005 } },
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

  it("of RBMs renormalize if all of them do; what learned nothing stands beside them and does not count", () => {
    const bad: RuleExponents = { ...rule, rule: "rbm-trace", thermal: { value: 1.2, error: 0.01 } };
    const wide = { ...rule, thermal: { value: 1, error: 0.1 } };
    expect(answerOfRules([rule, { ...rule, rule: "rbm-trace" }]).verdict).toBe("yes");
    expect(answerOfRules([rule, bad]).verdict).toBe("undecided");
    expect(answerOfRules([bad]).verdict).toBe("no");
    expect(answerOfRules([{ ...rule, rule: "majority" }]).verdict).toBe("undecided");
    expect(answerOfRules([wide])).toMatchObject({
      verdict: "undecided",
      words: expect.stringMatching(/cannot be told/) as string,
    });
    const draws: readonly RuleExponents[] = [1, 2].map((draw) => ({ ...rule, rule: "random-filter", draw }));
    const { words } = answerOfRules([rule, { ...draws[0], thermal: bad.thermal }, draws[1]]);
    expect(words).toMatch(/^as a block rule it does: 1 of 1 filters .* 1 of 2 random ones$/);
  });

  it("that know nothing do not renormalize, unless one draw does", () => {
    const off: RuleExponents = {
      ...{ ...rule, rule: "random-filter", draw: 1 },
      magnetic: { value: 2.1, error: 0.001 },
    };
    const claim = (...rules: readonly RuleExponents[]): string =>
      verdict(judgeRules(rules), "no random filter");
    expect(claim(off)).toBe("yes");
    expect(claim(off, { ...rule, rule: "random-filter", draw: 2 })).toBe("no");
    expect(claim(off, { ...off, draw: 2, magnetic: { value: 1.885, error: 0.001 } })).toBe("undecided");
    expect(claim()).toBe("undecided");
    expect(verdict(judgeRules([{ ...rule, rule: "uniform-filter" }]), "untrained filter")).toBe("no");
  });
});

describe("flows", () => {
  const flow: RunFlow = {
    ...{ name: "T = 3.333", temperature: 10 / 3, machine: "trained", kind: "gibbs", verdict: "elsewhere" },
    ...{ fixed: [{ value: 3.3, error: 0.02, stable: true }], ends: [3.28, 3.35], ising: false },
  };
  const critical: RunFlow = {
    ...flow,
    ...{ fixed: [{ value: 2.28, error: 0.01, stable: true }], ends: [2.25, 2.3] },
  };
  const upward: RunFlow = {
    ...{ ...flow, kind: "layers", ends: [1, 12] },
    fixed: [
      { value: 2.26, error: 0.007, stable: false },
      { value: 11.8, error: 3, stable: true },
    ],
  };
  const straight: RunFlow = { ...upward, fixed: [{ value: 11.8, error: 3, stable: true }] };

  it("go to T_c, to the data, or elsewhere", () => {
    expect(verdict(judgeFlows([flow], []), "flows to T_c whatever")).toBe("no");
    expect(verdict(judgeFlows([critical], []), "flows to T_c whatever")).toBe("yes");
    expect(verdict(judgeFlows([flow], []), "temperature of the data")).toBe("yes");
    expect(verdict(judgeFlows([critical], []), "temperature of the data")).toBe("no");
    const unsure: RunFlow = { ...flow, fixed: [{ value: 3.3, error: 0.2, stable: true }] };
    expect(verdict(judgeFlows([unsure], []), "temperature of the data")).toBe("undecided");
    expect(verdict(judgeFlows([{ ...flow, fixed: [] }], []), "temperature of the data")).toBe("no");
    const unstable: RunFlow = { ...flow, fixed: [{ ...flow.fixed[0], stable: false }] };
    expect(verdict(judgeFlows([unstable], []), "temperature of the data")).toBe("no");
    expect(verdict(judgeFlows([], []), "temperature of the data")).toBe("undecided");
  });

  it("are judged by all their ends: one that has not arrived is undecided, not there", () => {
    const late: RunFlow = { ...critical, ends: [2.25, 5.2] };
    expect(verdict(judgeFlows([late], []), "flows to T_c whatever")).toBe("undecided");
    expect(verdict(judgeFlows([{ ...flow, ends: [2.5, 3.4] }], []), "flows to T_c whatever")).toBe("no");
    expect(verdict(judgeFlows([{ ...flow, ends: [2.3, 3.4] }], []), "flows to T_c whatever")).toBe(
      "undecided",
    );
    const [claim] = judgeFlows([late], []);
    expect(claim.measured).toBe(
      "T = 3.333: to T = 2.280(10), ends 2.25 to 5.2 (all thermometers: elsewhere)",
    );
  });

  it("trained at T_c say nothing of a flow to T_c whatever the data", () => {
    expect(verdict(judgeFlows([{ ...critical, temperature: 2.2692 }], []), "T_c whatever")).toBe("undecided");
  });

  it("arrive at Ising states or not", () => {
    expect(verdict(judgeFlows([flow], []), "where v → h → v′ arrives")).toBe("no");
    expect(verdict(judgeFlows([{ ...flow, ising: true }], []), "where v → h → v′ arrives")).toBe("yes");
  });

  it("turn away from T_c also where they have other fixed points", () => {
    const claim = (each: RunFlow): string =>
      verdict(judgeFlows([each], []), "T_c is an unstable fixed point, as");
    expect(claim(upward)).toBe("yes");
    expect(claim(straight)).toBe("no");
    expect(claim({ ...upward, fixed: [{ value: 2.38, error: 0.01, stable: false }] })).toBe("undecided");
  });

  it("show a renormalization group only if trained maps turn away from T_c and nulls do not", () => {
    const untrained: RunFlow = { ...straight, machine: "untrained" };
    expect(flowsAsRg([flow, upward, untrained], [])).toMatchObject({ verdict: "yes" });
    expect(flowsAsRg([flow, straight], [])).toMatchObject({ verdict: "no" });
    expect(flowsAsRg([upward, straight, untrained], [])).toMatchObject({ verdict: "no" });
    const { verdict: found, words } = flowsAsRg([upward, { ...upward, machine: "site-permuted" }], []);
    expect(found).toBe("undecided");
    expect(words).toMatch(/nothing shows that it does: 1 of 1 .* so do 1 of 1/);
    expect(flowsAsRg([upward], [{ ...upward, name: "gaussian-clone" }])).toMatchObject({
      verdict: "undecided",
    });
    expect(flowsAsRg([flow], [])).toMatchObject({ verdict: "undecided" });
  });

  it("of nulls do not go to T_c, and each is counted once", () => {
    const words = "flows to T_c by v → h → v′";
    const untrained: RunFlow = { ...flow, machine: "untrained" };
    expect(verdict(judgeFlows([untrained], []), words)).toBe("yes");
    expect(verdict(judgeFlows([], [critical]), words)).toBe("no");
    expect(verdict(judgeFlows([critical], []), words)).toBe("undecided");
    const twice = judgeFlows([untrained, { ...untrained, name: "T = 2" }], []);
    expect(twice.find(({ claim }) => claim.includes(words))?.measured).toBe("0 of 1 do");
    expect(verdict(judgeFlows([{ ...upward, machine: "untrained" }], []), "no null has T_c")).toBe("no");
  });
});

describe("the answer", () => {
  it("follows from both halves", () => {
    const of = (rule: Verdict, flow: Verdict) =>
      answer({ verdict: rule, words: "as a block rule a" }, { verdict: flow, words: "as a flow b" });
    expect(of("yes", "no")).toMatchObject({ verdict: "no", measured: "as a block rule a; as a flow b" });
    expect(of("yes", "yes").verdict).toBe("yes");
    expect(of("undecided", "yes").verdict).toBe("undecided");
  });
});

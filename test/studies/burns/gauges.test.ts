import { describe, expect, it } from "vitest";
import { judgeGauges } from "../../../src/studies/burns/gauges.js";
import { optimum, type System, verdictOn } from "./runs.js";

const kl = optimum(1e-4, { objective: "kl" }, { klPerSpin: 0.01, squaredNorm: 7 });
const of = (objective: System["objective"], klPerSpin: number, slope = 1e-4, hidden = 4) =>
  optimum(slope, { objective, hidden }, { klPerSpin, squaredNorm: 7 });

const DATA = "an identity";
const TRACE = "`trace`, Var_P(D), reaches";
const FALLS = "falls with the number";
const VANISH = "both bring KL below";
const MODEL = "the gauge `model`";
const LITERAL = "closing the literal gap";

describe("the gauges", () => {
  it("have nothing to say without runs", () => {
    const claims = judgeGauges([]);
    for (const words of [DATA, TRACE, FALLS, VANISH, MODEL, LITERAL])
      expect(verdictOn(words, claims)).toBe("undecided");
  });

  it("make `data` the same as `kl` to the last bit, in every epoch", () => {
    expect(verdictOn(DATA, judgeGauges([kl, of("data", 0.01)]))).toBe("yes");
    const almost = optimum(
      1e-4,
      { objective: "data" },
      { klPerSpin: [0.3, 0.01000000001, 0.01], squaredNorm: 7 },
    );
    expect(verdictOn(DATA, judgeGauges([kl, almost]))).toBe("no");
    expect(verdictOn(DATA, judgeGauges([kl, optimum(0, { objective: "data" }, { klPerSpin: null })]))).toBe(
      "undecided",
    );
  });

  it("reach the KL of `kl` within 5 %, or do not", () => {
    for (const [objective, words] of [
      ["trace", TRACE],
      ["model", MODEL],
    ] as const) {
      expect(verdictOn(words, judgeGauges([kl, of(objective, 0.0104)]))).toBe("yes");
      expect(verdictOn(words, judgeGauges([kl, of(objective, 0.0107)]))).toBe("no");
    }
  });

  it("are undecided while one of the two is still on its way, by its slope or by its KL", () => {
    expect(verdictOn(TRACE, judgeGauges([kl, of("trace", 0.02, 0.05)]))).toBe("undecided");
    expect(verdictOn(TRACE, judgeGauges([{ ...kl, slope: 0.05 }, of("trace", 0.02)]))).toBe("undecided");
    expect(verdictOn(TRACE, judgeGauges([{ ...kl, slope: null }, of("trace", 0.02)]))).toBe("undecided");
    const falling = optimum(
      1e-4,
      { objective: "trace" },
      { klPerSpin: Array.from({ length: 20 }, (_, k) => 0.03 - 0.0005 * k) },
    );
    expect(verdictOn(TRACE, judgeGauges([kl, falling]))).toBe("undecided");
  });

  it("are not compared where the least KL is zero, but seen to come there", () => {
    const pair = (own: number) => [
      optimum(0, { objective: "kl", hidden: 16 }, { klPerSpin: 2e-5 }),
      of("trace", own, 0, 16),
    ];
    expect(verdictOn(TRACE, judgeGauges(pair(1e-5)))).toBe("undecided");
    expect(verdictOn(VANISH, judgeGauges(pair(1e-5)))).toBe("yes");
    expect(verdictOn(VANISH, judgeGauges(pair(1e-3)))).toBe("no");
  });

  it("see the share of `trace` fall with the number of hidden units, or rise", () => {
    const six = (own: number) => [
      optimum(0, { objective: "kl", hidden: 6 }, { klPerSpin: 0.005 }),
      of("trace", own, 0, 6),
    ];
    expect(verdictOn(FALLS, judgeGauges([kl, of("trace", 0.012), ...six(0.0055)]))).toBe("yes");
    expect(verdictOn(FALLS, judgeGauges([kl, of("trace", 0.012), ...six(0.0065)]))).toBe("no");
    expect(verdictOn(FALLS, judgeGauges([kl, of("trace", 0.012)]))).toBe("undecided");
  });

  it("judge the literal one only where its gap is closed", () => {
    const literal = (freeEnergyGap: number, klPerSpin: number | null) =>
      judgeGauges([optimum(0, { objective: "literal" }, { freeEnergyGap, klPerSpin })]);
    expect(verdictOn(LITERAL, literal(0.1, 0.4))).toBe("no");
    expect(verdictOn(LITERAL, literal(0.1, 0.001))).toBe("yes");
    expect(verdictOn(LITERAL, literal(3, 0.4))).toBe("undecided");
    expect(verdictOn(LITERAL, literal(0.1, null))).toBe("undecided");
  });
});

import { describe, expect, it } from "vitest";
import { type EvaluatedModel, judgeLarge } from "../../../src/studies/burns/large.js";
import { verdictOn } from "./runs.js";

const literal: EvaluatedModel = {
  gap: 0.1,
  gapError: 0.05,
  klPerSpin: 0.25,
  klPerSpinError: 0.001,
  energy: -0.1,
  energyReference: -1.15,
  xi: 1,
  xiReference: 7,
  doubt: null,
};
const kl: EvaluatedModel = { ...literal, gap: 400, klPerSpin: 0.02 };

const CLOSES = "closes the gap";
const NEARER = "nearer to the data";

describe("the setting of Mehta and Schwab", () => {
  it("is judged by numbers that are there, certain and not doubted", () => {
    expect(verdictOn(CLOSES, judgeLarge(literal, kl))).toBe("yes");
    expect(verdictOn(CLOSES, judgeLarge({ ...literal, gap: -3 }, kl))).toBe("no");
    expect(verdictOn(NEARER, judgeLarge(literal, kl))).toBe("no");
    expect(verdictOn(NEARER, judgeLarge({ ...literal, klPerSpin: 0.01 }, kl))).toBe("yes");
  });

  it("is undecided where a number is missing", () => {
    expect(verdictOn(CLOSES, judgeLarge({ ...literal, gap: NaN }, kl))).toBe("undecided");
    expect(verdictOn(CLOSES, judgeLarge({ ...literal, gapError: NaN }, kl))).toBe("undecided");
    expect(verdictOn(NEARER, judgeLarge(literal, { ...kl, klPerSpin: NaN }))).toBe("undecided");
    expect(verdictOn(NEARER, judgeLarge(literal, { ...kl, klPerSpinError: NaN }))).toBe("undecided");
  });

  it("does not take a huge error for a closed gap, nor for a difference", () => {
    expect(verdictOn(CLOSES, judgeLarge({ ...literal, gap: 3, gapError: 20 }, kl))).toBe("undecided");
    expect(verdictOn(NEARER, judgeLarge({ ...literal, klPerSpinError: 0.1 }, kl))).toBe("undecided");
  });

  it("does not trust what is doubtful", () => {
    const doubted = { ...literal, doubt: "few chains carry the weight" };
    expect(verdictOn(CLOSES, judgeLarge(doubted, kl))).toBe("undecided");
    expect(verdictOn(NEARER, judgeLarge(doubted, kl))).toBe("undecided");
    expect(verdictOn(NEARER, judgeLarge(literal, { ...kl, doubt: "so-so" }))).toBe("undecided");
    expect(judgeLarge(doubted, kl)[0].measured).toContain("few chains");
  });
});

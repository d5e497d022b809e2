import type { Claim } from "../study.js";
import { allOf } from "../verdicts.js";
import type { RuleAnswer } from "./exponents.js";
import type { FlowAnswer } from "./flows.js";

/** The answer in words, from whether trained block rules renormalize and whether flows do. */
export function answer(rule: RuleAnswer, flow: FlowAnswer): Claim {
  return {
    claim: "an RBM renormalizes, as a block rule and as a flow",
    measured: `${rule.words}; ${flow.words}`,
    verdict: allOf([rule.verdict, flow.verdict]),
  };
}

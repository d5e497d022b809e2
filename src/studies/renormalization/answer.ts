import { allOf, type Verdict } from "../verdicts.js";
import type { Claim } from "../study.js";

const asRule: Readonly<Record<Verdict, string>> = {
  yes: "as a block rule it does: P(h|v) of an RBM with one filter has the exponents of the Ising model",
  no: "as a block rule it does not: no trained filter has the exponents of the Ising model",
  undecided: "as a block rule it cannot be told at this scale",
};

const asFlow: Readonly<Record<Verdict, string>> = {
  yes: "as a flow it does: T_c is an unstable fixed point of trained weights",
  no: "as a flow it does not: no flow of trained weights turns away from T_c to both sides, as a renormalization group's would",
  undecided: "as a flow it cannot be told at this scale",
};

/** The answer in words, from whether a trained block rule renormalizes and whether a flow does. */
export function answer(rule: Verdict, flow: Verdict): Claim {
  return {
    claim: "an RBM renormalizes, as a block rule and as a flow",
    measured: `${asRule[rule]}; ${asFlow[flow]}`,
    verdict: allOf([rule, flow]),
  };
}

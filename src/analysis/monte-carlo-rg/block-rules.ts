import { DataError } from "../../errors/index.js";
import type { SeedKey } from "../../random/index.js";
import type { BlockRule } from "./block-rule.js";
import { decimationRule } from "./decimation.js";
import { randomFilterRule, type SharedFilter, sharedFilterRule } from "./filter.js";
import {
  type FilterObjective,
  type FilterTraining,
  trainFilter,
  UNTRAINED_WEIGHT,
} from "./filter-training.js";
import { majorityRule } from "./majority.js";

/** What some rules are made from. */
export interface RuleIngredients {
  /** For rules that are drawn at random. */
  readonly key: SeedKey;
  /** For `rbm`. */
  readonly filter: SharedFilter | null;
  /** For rules that are trained. */
  readonly training: FilterTraining;
}

interface RuleEntry {
  readonly description: string;
  make(ingredients: RuleIngredients): BlockRule;
}

/** Every block rule by the name it is asked for. A new one is a line here. */
export const blockRules = {
  majority: {
    description: "sign of the sum of 2×2 spins, ties at random",
    make: () => majorityRule(2),
  },
  "majority-3": { description: "sign of the sum of 3×3 spins", make: () => majorityRule(3) },
  decimation: { description: "one spin of every 2×2", make: () => decimationRule(2) },
  "random-filter": {
    description: "sign of a random projection of 3×3 spins, every second site",
    make: ({ key }) => randomFilterRule(key),
  },
  rbm: {
    description: "p(h|v) of a restricted Boltzmann machine with one filter of stride 2",
    make: ({ filter }) => {
      if (filter === null) throw new DataError("the block rule rbm needs the weights of a filter.");
      return sharedFilterRule(filter);
    },
  },
  "uniform-filter": {
    description: `the same, untrained: 3×3 weights of ${UNTRAINED_WEIGHT}, one of the starts of those that are trained`,
    make: () =>
      sharedFilterRule({ weights: new Float64Array(9).fill(UNTRAINED_WEIGHT), bias: 0 }, "uniform filter"),
  },
  "rbm-kl": {
    description: "the same, its filter trained for the least KL(P‖P_λ)",
    make: (ingredients) => trainedRule("kl", ingredients),
  },
  "rbm-trace": {
    description: "the same, its filter trained for the trace condition, the least Var_P(H − H_λ)",
    make: (ingredients) => trainedRule("trace", ingredients),
  },
  "rbm-reverse-kl": {
    description: "the same, its filter trained for the least KL(P_λ‖P)",
    make: (ingredients) => trainedRule("reverse-kl", ingredients),
  },
} as const satisfies Readonly<Record<string, RuleEntry>>;

function trainedRule(objective: FilterObjective, { training }: RuleIngredients): BlockRule {
  return sharedFilterRule(trainFilter(objective, training).filter, `rbm ${objective}`);
}

export type BlockRuleName = keyof typeof blockRules;

export const blockRuleNames = Object.keys(blockRules) as readonly BlockRuleName[];

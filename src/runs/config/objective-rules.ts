import type { ConfigIssue } from "../../errors/index.js";
import { MAX_EXACT_UNITS } from "../../rbm/estimators/index.js";
import { objectives, unmetNeeds } from "../../rbm/objectives/index.js";
import type { TrainingOptions } from "../../rbm/training-options.js";
import type { WrittenConfig } from "./schema.js";

/** How an objective is minimised: what the configuration says, and the defaults where it does not. */
export type ObjectiveChoice = Pick<TrainingOptions, "objective" | "gauge" | "mu" | "estimator">;

export function objectiveChoice({ train }: WrittenConfig): ObjectiveChoice {
  const { objective, gauge = "literal", mu = 1 } = train;
  const { needs } = objectives[objective]({ gauge, mu });
  return {
    objective,
    gauge,
    mu,
    estimator: train.estimator ?? (needs.model === "equilibrium" ? "pcd" : "cd"),
  };
}

/** What is wrong with the objective in this configuration; `sites` is the number of visible units, if known. */
export function objectiveIssues(config: WrittenConfig, sites: number | null): readonly ConfigIssue[] {
  const { train, model, data } = config;
  const choice = objectiveChoice(config);
  const { objective, estimator } = choice;
  const { needs } = objectives[objective](choice);
  const issues: ConfigIssue[] = [];
  if (train.gauge !== undefined && objective !== "free-energy") {
    issues.push({
      path: "train.gauge",
      message: `"${train.gauge}": has no effect with objective ${objective}; it is a choice of objective free-energy`,
    });
  }
  if (train.mu !== undefined && objective !== "hybrid") {
    issues.push({
      path: "train.mu",
      message: `${train.mu}: has no effect with objective ${objective}; it is the weight of (F − F_λ)² in objective hybrid`,
    });
  }
  if (model.hidden.length > 1 && (needs.freeEnergy || needs.hamiltonian)) {
    issues.push({
      path: "train.objective",
      message:
        `"${objective}": the layers above the first have neither a Hamiltonian nor a free energy of their own; ` +
        `give one layer (model.hidden), or use objective kl`,
    });
  }
  const known = controlKeepsModel(config.sample.control);
  const knowledge = data === undefined ? { hamiltonian: known, freeEnergy: known } : {};
  for (const { message } of unmetNeeds(choice, knowledge)) issues.push({ path: "train.estimator", message });
  if (data === undefined && train.dataPhase === "exact" && !known) {
    issues.push({
      path: "train.data_phase",
      message: `"exact" needs an Ising model, which data of sample.control "${config.sample.control}" are not; use samples or auto`,
    });
  }
  const averagesOfD = needs.hamiltonian && needs.model === "equilibrium";
  if (averagesOfD && estimator === "exact" && sites !== null && sites > MAX_EXACT_UNITS) {
    issues.push({
      path: "train.estimator",
      message: `"exact": ⟨H − H_λ⟩ over the model is exact only with at most ${MAX_EXACT_UNITS} visible units, not ${sites}; use pcd`,
    });
  }
  return issues;
}

/** Whether data are still configurations of a known Ising model under a control. */
function controlKeepsModel(control: WrittenConfig["sample"]["control"]): boolean {
  return control === "none" || control === "infinite-temperature";
}

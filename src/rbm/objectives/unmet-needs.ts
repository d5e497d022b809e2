import { contrastiveEstimators, type EstimatorName } from "../estimators/index.js";
import type { ObjectiveOptions } from "./objective.js";
import { type ObjectiveName, objectives } from "./table.js";

/** Something that an objective needs and does not have. */
export interface UnmetNeed {
  readonly kind: "estimator" | "freeEnergy" | "hamiltonian";
  /** What is missing and what to do. */
  readonly message: string;
}

/** Whether H and F of the data are known; undefined: not known yet whether. */
export interface Knowledge {
  readonly hamiltonian?: boolean;
  readonly freeEnergy?: boolean;
}

/** All that an objective needs and does not have. */
export function unmetNeeds(
  options: ObjectiveOptions & { readonly objective: ObjectiveName; readonly estimator: EstimatorName },
  known: Knowledge,
): readonly UnmetNeed[] {
  const { objective, estimator, gauge } = options;
  const { needs } = objectives[objective](options);
  const name =
    objective === "free-energy" ? `objective free-energy with gauge ${gauge}` : `objective ${objective}`;
  const unmet: UnmetNeed[] = [];
  if (needs.model === "equilibrium" && contrastiveEstimators.includes(estimator)) {
    unmet.push({
      kind: "estimator",
      message:
        `${name} needs averages over the model itself; the samples of estimator ${estimator} stay near the data. ` +
        "Use estimator pcd, or exact for small layers.",
    });
  }
  if (needs.freeEnergy && known.freeEnergy === false) {
    unmet.push({
      kind: "freeEnergy",
      message:
        `${name} needs F = −ln Z of the data, which is not known. Give ln Z with its error as --log-partition X±dX ` +
        "(data.log_partition), or use objective kl.",
    });
  }
  if (needs.hamiltonian && known.hamiltonian === false) {
    unmet.push({
      kind: "hamiltonian",
      message:
        `${name} needs the Hamiltonian of the data, and these are not samples of an Ising model made by this program. ` +
        `Use ${needs.freeEnergy ? "gauge literal, or " : ""}objective kl.`,
    });
  }
  return unmet;
}

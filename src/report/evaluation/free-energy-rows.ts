import { difference, type Evaluation } from "../../analysis/evaluation/index.js";
import type { IsingLogPartition } from "../../ising/free-energy.js";
import { plainRow, type Row } from "./rows.js";

/** ln Z_λ by every estimator, and the best of them. */
export function logPartitionRows({ logPartitions, logPartition }: Evaluation): readonly Row[] {
  return [
    ...logPartitions.map(({ estimator, value, error, doubt }) =>
      plainRow(`log_partition_${estimator.replaceAll("-", "_")}`, { value, error }, doubt),
    ),
    plainRow("log_partition", logPartition, logPartition.estimator),
  ];
}

/** Free energies, their difference, what bounds it, and the divergences. */
export function freeEnergyRows(
  { freeEnergies: f, logPartition }: Evaluation,
  { value, error, method, doubt }: IsingLogPartition,
): readonly Row[] {
  const target = { value: -value, error };
  const model = { value: -logPartition.value, error: logPartition.error };
  const how = doubt === null ? method : `${method}; doubtful: ${doubt}`;
  const over = (name: string, measured: { readonly error: number }): string =>
    measured.error === 0 ? `${name}, exact` : name;
  return [
    plainRow("free_energy_target", target, `F, ${how}`),
    plainRow("free_energy_model", model, "F_λ"),
    plainRow("free_energy_gap", difference(target, model), "F − F_λ"),
    ...(f === null
      ? []
      : [
          plainRow("mean_d_data", f.meanDData, over("⟨D⟩_P, D = H − H_λ", f.meanDData)),
          plainRow("mean_d_model", f.meanDModel, over("⟨D⟩_λ", f.meanDModel)),
          plainRow("bound_lower", f.lowerBound, "F_λ + ⟨D⟩_P ≤ F"),
          plainRow("bound_upper", f.upperBound, "F ≤ F_λ + ⟨D⟩_λ"),
          plainRow("kl_per_spin", f.klPerSpin, "KL(P‖P_λ)/n"),
          plainRow("reverse_kl_per_spin", f.reverseKlPerSpin, "KL(P_λ‖P)/n"),
        ]),
  ];
}

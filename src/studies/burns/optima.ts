import { type Claim, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";
import { type MeasuredRun, short } from "./final-metrics.js";

/** A residual below this share of the other one is zero beside it. */
const NEGLIGIBLE = 0.01;

/** A sampled residual of at most so many times its noise floor is zero as far as can be seen. */
const NOISE_FACTOR = 1.5;

/**
 * (a) Burns's table: at the minimum of KL, ‖⟨∇H_λ⟩_P − ⟨∇H_λ⟩_λ‖ vanishes and ‖⟨∇H_λ⟩_λ‖ does not; at a minimum of
 * (F − F_λ)² the gap vanishes, and ‖⟨∇H_λ⟩_λ‖ only at λ = 0. Writes tables/conditions.csv.
 */
export function concludeOptima(
  exact: readonly MeasuredRun[],
  sampled: readonly MeasuredRun[],
  literal: readonly MeasuredRun[],
  folder: string,
): readonly Claim[] {
  const rows = [...exact, ...sampled, ...literal].map((run) => ({ run, ...run.final }));
  writeTable(
    folder,
    "conditions",
    [
      "objective",
      "lattice",
      "hidden",
      "coupling",
      "condition_kl",
      "condition_kl_noise",
      "condition_rg",
      "condition_rg_noise",
      "free_energy_gap",
      "kl_per_spin",
      "squared_norm",
    ],
    rows.map((row) => [
      row.run.config.training.objective,
      row.run.summary["lattice"],
      row.run.summary["hidden"],
      summaryNumber(row.run, "coupling"),
      row.conditionKl,
      row.conditionKlNoise,
      row.conditionRg,
      row.conditionRgNoise,
      row.freeEnergyGap,
      row.klPerSpin,
      row.squaredNorm,
    ]),
  );
  const met = exact.filter(({ final }) => final.conditionKl! <= NEGLIGIBLE * final.conditionRg!);
  const metSampled = sampled.filter(
    ({ final }) => final.conditionKl! <= NOISE_FACTOR * final.conditionKlNoise!,
  );
  const reached = literal.filter(({ final }) => final.squaredNorm > 1e-6);
  const stationary = reached.filter(({ final }) => final.conditionRg! < 1e-3);
  return [
    {
      claim:
        "at the minimum of KL, ‖⟨∇H_λ⟩_P − ⟨∇H_λ⟩_λ‖ = 0 (or within noise, where sampled) while ‖⟨∇H_λ⟩_λ‖ is not",
      measured: [...exact, ...sampled]
        .map(({ final }) => `${short(final.conditionKl)} against ${short(final.conditionRg)}`)
        .join("; "),
      verdict: met.length === exact.length && metSampled.length === sampled.length ? "yes" : "no",
    },
    {
      claim:
        "where |F − F_λ| has been brought to zero, Burns's condition ⟨∇H_λ⟩_λ = 0 holds (his table, right column)",
      measured: `${stationary.length} of ${reached.length} runs with a closed gap; residuals from ${short(Math.min(...reached.map(({ final }) => final.conditionRg!)))} to ${short(Math.max(...reached.map(({ final }) => final.conditionRg!)))}. The gradient 2(F − F_λ)⟨∇H_λ⟩_λ vanishes with its first factor; ⟨∇H_λ⟩_λ = 0 only at λ = 0`,
      verdict: reached.length === 0 ? "undecided" : stationary.length === reached.length ? "yes" : "no",
    },
  ];
}

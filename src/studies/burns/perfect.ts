import { torus } from "../../ising/lattice.js";
import { isingModel } from "../../ising/model.js";
import { boltzmannDistribution } from "../../ising/exact/index.js";
import type { Kernels } from "../../kernels/index.js";
import { bondRbm } from "../../rbm/bond-rbm.js";
import { visibleDistribution, visibleHamiltonians } from "../../rbm/ensemble.js";
import { log } from "../../kernels/elementary.js";
import type { Claim } from "../study.js";
import { writeTable } from "../write-table.js";
import { short } from "./final-metrics.js";
import { exactLogPartitionOf } from "./threshold.js";

const COUPLINGS = [0.2, 0.3, 0.408, 0.44068679350977147, 0.6];

/** (d) The RBM with a hidden unit on every bond is the Ising model exactly, and yet F − F_λ = 2n(ln 2 + K). Writes tables/perfect.csv. */
export function concludePerfect(folder: string, kernels: Kernels): readonly Claim[] {
  const lattice = torus(4, 4);
  const rows = COUPLINGS.map((coupling) => {
    const model = isingModel(lattice, coupling);
    const { logPartition, probabilities } = visibleDistribution(
      visibleHamiltonians(bondRbm(model), kernels),
      kernels,
    );
    const kl = boltzmannDistribution(model).reduce(
      (sum, p, state) => sum + (p === 0 ? 0 : p * log(p / probabilities[state])),
      0,
    );
    const gap = logPartition - exactLogPartitionOf(lattice, coupling);
    return { coupling, kl, gap, predicted: 2 * lattice.sites * (Math.LN2 + coupling) };
  });
  writeTable(
    folder,
    "perfect",
    ["coupling", "kl", "free_energy_gap", "free_energy_gap_predicted"],
    rows.map(({ coupling, kl, gap, predicted }) => [coupling, kl, gap, predicted]),
  );
  const klError = Math.max(...rows.map(({ kl }) => Math.abs(kl)));
  const gapError = Math.max(...rows.map(({ gap, predicted }) => Math.abs(gap - predicted)));
  return [
    {
      claim: "a perfect RBM (KL = 0) has the free energy of its data",
      measured:
        `one hidden unit per bond, 4×4: KL at most ${short(klError)} nats (weights in single precision), F − F_λ = ` +
        `${short(rows[2].gap)} nats at K = 0.408; 2n(ln 2 + K) is off by at most ${short(gapError)} nats`,
      verdict: klError < 1e-6 && rows.every(({ gap }) => gap > 1) ? "no" : "undecided",
    },
  ];
}

import { boltzmannDistribution } from "../../ising/exact/index.js";
import { torus } from "../../ising/lattice.js";
import { isingModel } from "../../ising/model.js";
import { log } from "../../kernels/elementary.js";
import type { Kernels } from "../../kernels/index.js";
import { bondRbm, bondWeight } from "../../rbm/bond-rbm.js";
import { visibleDistribution, visibleHamiltonians } from "../../rbm/ensemble.js";
import type { Claim } from "../study.js";
import { writeTable } from "../write-table.js";
import { short } from "./final-metrics.js";
import { exactTorusOf } from "./threshold.js";
import { given, verdictOf } from "./verdicts.js";

const COUPLINGS = [0.2, 0.3, 0.408, 0.44068679350977147, 0.6];

/** A KL of at most this, in nats, is zero: the square of the weights' rounding and what sums over 2^16 states leave. */
const ZERO_KL = 1e-9;

/** A gap of at most so many nats is closed. */
const CLOSED = 0.5;

/** Largest relative error of a number rounded to single precision, and that of double precision left by the sums. */
const SINGLE_ROUNDING = 2 ** -24;
const DOUBLE_ROUNDING = 1e-11;

/** The perfect RBM at one coupling. */
export interface PerfectRow {
  readonly coupling: number;
  readonly kl: number;
  /** F − F_λ, nats. */
  readonly gap: number;
  /** 2n(ln 2 + K) */
  readonly predicted: number;
  /** What rounding the weights to single precision may shift ln Z_λ by: |∂ ln Z_λ/∂W_ij| = |⟨v_i h_j⟩_λ| ≤ 1 for each of 4n weights. */
  readonly rounding: number;
}

/** (d) The RBM with a hidden unit on every bond is the Ising model exactly, and yet F − F_λ = 2n(ln 2 + K). Writes tables/perfect.csv. */
export function concludePerfect(folder: string, kernels: Kernels): readonly Claim[] {
  const rows = COUPLINGS.map((coupling) => perfectRow(coupling, kernels));
  writeTable(
    folder,
    "perfect",
    ["coupling", "kl", "free_energy_gap", "free_energy_gap_predicted", "rounding"],
    rows.map(({ coupling, kl, gap, predicted, rounding }) => [coupling, kl, gap, predicted, rounding]),
  );
  return judgePerfect(rows);
}

function perfectRow(coupling: number, kernels: Kernels): PerfectRow {
  const lattice = torus(4, 4);
  const model = isingModel(lattice, coupling);
  const { logPartition, probabilities } = visibleDistribution(
    visibleHamiltonians(bondRbm(model), kernels),
    kernels,
  );
  const kl = boltzmannDistribution(model).reduce(
    (sum, p, state) => sum + (p === 0 ? 0 : p * log(p / probabilities[state])),
    0,
  );
  const gap = logPartition - exactTorusOf(lattice, coupling).logPartition;
  const weights = 4 * lattice.sites;
  return {
    coupling,
    kl,
    gap,
    predicted: 2 * lattice.sites * (Math.LN2 + coupling),
    rounding: weights * bondWeight(coupling) * SINGLE_ROUNDING + DOUBLE_ROUNDING,
  };
}

/** The closed form of the gap, and whether a perfect RBM has the free energy of its data. */
export function judgePerfect(rows: readonly PerfectRow[]): readonly Claim[] {
  const largest = (values: readonly number[]): number => (values.length === 0 ? NaN : Math.max(...values));
  const isPerfect = ({ kl }: PerfectRow) => given([kl], (known) => Math.abs(known) <= ZERO_KL);
  const error = ({ gap, predicted }: PerfectRow): number => Math.abs(gap - predicted);
  const klError = short(largest(rows.map(({ kl }) => Math.abs(kl))));
  return [
    {
      claim:
        "a perfect RBM, one hidden unit per bond, has KL = 0 and F − F_λ = 2n(ln 2 + K), to the rounding of its weights",
      measured:
        `4×4, K = ${rows.map(({ coupling }) => short(coupling)).join(", ")}: KL at most ${klError} nats, F − F_λ off by at most ` +
        `${short(largest(rows.map(error)))} nats; single precision allows ${rows.map(({ rounding }) => short(rounding)).join(", ")}`,
      verdict: verdictOf(
        rows.flatMap((row) => [isPerfect(row), given([error(row)], (known) => known <= row.rounding)]),
      ),
    },
    {
      claim: "a perfect RBM (KL = 0) has the free energy of its data",
      measured: `F − F_λ = ${rows.map(({ gap }) => short(gap)).join(", ")} nats at these couplings`,
      verdict: verdictOf(
        rows.map((row) =>
          isPerfect(row) === true ? given([row.gap], (gap) => Math.abs(gap) <= CLOSED) : null,
        ),
      ),
    },
  ];
}

import { formatCsv } from "../../io/index.js";
import { exactReference } from "../../ising/exact/index.js";
import { type Lattice, parseLattice } from "../../ising/lattice.js";
import { isingModel } from "../../ising/model.js";
import { curvesFigure, smallMultiplesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import { type Claim, summaryNumber } from "../study.js";
import { type MeasuredRun, short } from "./final-metrics.js";
import { reachableCoupling } from "./threshold.js";

/** A squared norm of all parameters above this is not on its way to zero. */
const GROWN = 1e-6;

/** How close the transition must be to its prediction. */
const TOLERANCE = 0.01;

/** ‖λ‖² follows its leading order where the excess of ln Z is at most this many nats. */
const NEAR = 0.15;

/** Points that the predicted line is drawn through. */
const LINE_POINTS = 32;

/** One run of the literal objective beside what is predicted of it. */
interface Point {
  readonly hidden: number;
  readonly alpha: number;
  readonly coupling: number;
  /** ln Z − (n + m) ln 2, nats. */
  readonly excess: number;
  readonly gap: number;
  readonly klPerSpin: number;
  /** KL/n of the zero RBM: ln 2 − s(K). */
  readonly klPerSpinOfZero: number;
  readonly squaredNorm: number;
}

/**
 * (b) Where the literal objective can be met: |F − F_λ| → 0 if ln Z > (n + m) ln 2, and λ → 0 otherwise. Near the threshold
 * ‖λ‖² = 2(ln Z − (n + m) ln 2), as ln Z_λ = (n + m) ln 2 + ½‖λ‖² + O(λ⁴).
 */
export async function concludeReachability(
  runs: readonly MeasuredRun[],
  folder: string,
): Promise<readonly Claim[]> {
  const points = runs.map(pointOf).sort((a, b) => a.hidden - b.hidden || a.coupling - b.coupling);
  const lattice = parseLattice(runs[0].summary["lattice"]);
  const families = [...new Set(points.map(({ hidden }) => hidden))].map((hidden) =>
    familyOf(
      points.filter((point) => point.hidden === hidden),
      lattice,
    ),
  );
  await drawReachability(families, folder);
  await drawPhases(families, lattice, folder);
  return judge(families);
}

function pointOf(run: MeasuredRun): Point {
  const { final } = run;
  const lattice = parseLattice(run.summary["lattice"]);
  const coupling = summaryNumber(run, "coupling");
  const [hidden] = run.config.hidden;
  const { logPartition, energyPerSite } = exactReference(isingModel(lattice, coupling));
  const entropy = logPartition! / lattice.sites + coupling * energyPerSite!;
  return {
    hidden,
    alpha: hidden / lattice.sites,
    coupling,
    excess: logPartition! - (lattice.sites + hidden) * Math.LN2,
    gap: final.freeEnergyGap!,
    klPerSpin: final.klPerSpin!,
    klPerSpinOfZero: Math.LN2 - entropy,
    squaredNorm: final.squaredNorm,
  };
}

/** All couplings with one number of hidden units. */
interface Family {
  readonly hidden: number;
  readonly alpha: number;
  readonly points: readonly Point[];
  /** K* as predicted, and the couplings between which it was found. */
  readonly predicted: number;
  readonly lastCollapsed: number;
  readonly firstGrown: number;
}

function familyOf(points: readonly Point[], lattice: Lattice): Family {
  const [{ hidden, alpha }] = points;
  const couplings = (grown: boolean): readonly number[] =>
    points.filter(({ squaredNorm }) => squaredNorm > GROWN === grown).map(({ coupling }) => coupling);
  return {
    hidden,
    alpha,
    points,
    predicted: reachableCoupling(lattice, hidden),
    lastCollapsed: Math.max(...couplings(false)),
    firstGrown: Math.min(...couplings(true)),
  };
}

function name({ alpha, hidden }: Family): string {
  return `α = ${alpha} (m = ${hidden})`;
}

async function drawReachability(families: readonly Family[], folder: string): Promise<void> {
  const series = (value: (point: Point) => number) =>
    families.map((family) => ({
      name: name(family),
      x: family.points.map(({ coupling, excess }) => (excess === 0 ? NaN : coupling / family.predicted)),
      y: family.points.map(value),
    }));
  const panel = (
    title: string,
    yLabel: string,
    value: (point: Point) => number,
    theory?: (point: Point) => number,
  ) => ({
    title,
    xLabel: "K/K*(α)",
    yLabel,
    series: [
      ...series(value),
      ...(theory === undefined
        ? []
        : series(theory).map((line) => ({ ...line, name: "predicted", dash: [2, 3] as const }))),
    ],
    referenceLines: [{ axis: "x" as const, value: 1, label: "K*" }],
  });
  const figure = await smallMultiplesFigure({
    title: "The literal free-energy objective: what it reaches",
    subtitle: "exact gradients; K* is where ln Z = (n + m) ln 2",
    panels: [
      panel(
        "Free-energy gap",
        "F − F_λ (nats)",
        ({ gap }) => gap,
        ({ excess }) => Math.max(0, -excess),
      ),
      panel(
        "Size of the parameters",
        "‖λ‖²",
        ({ squaredNorm }) => squaredNorm,
        ({ excess }) => 2 * Math.max(0, excess),
      ),
      panel(
        "Divergence",
        "KL per spin (nats)",
        ({ klPerSpin }) => klPerSpin,
        ({ klPerSpinOfZero }) => klPerSpinOfZero,
      ),
    ],
  });
  writeFigure(
    folder,
    "reachability",
    figure,
    formatCsv(
      [
        "hidden",
        "alpha",
        "coupling",
        "log_partition_excess",
        "free_energy_gap",
        "kl_per_spin",
        "kl_per_spin_of_zero",
        "squared_norm",
        "squared_norm_predicted",
      ],
      families.flatMap(({ points }) =>
        points.map((p) => [
          p.hidden,
          p.alpha,
          p.coupling,
          p.excess,
          p.gap,
          p.klPerSpin,
          p.klPerSpinOfZero,
          p.squaredNorm,
          2 * Math.max(0, p.excess),
        ]),
      ),
    ),
  );
}

/** The plane of α and K with the line K*(α) and where the transition was found. */
async function drawPhases(families: readonly Family[], lattice: Lattice, folder: string): Promise<void> {
  const found = families.map(({ lastCollapsed, firstGrown }) => (lastCollapsed + firstGrown) / 2);
  const halves = families.map(({ lastCollapsed, firstGrown }) => (firstGrown - lastCollapsed) / 2);
  const most = Math.max(...families.map(({ hidden }) => hidden));
  const line = Array.from({ length: LINE_POINTS }, (_, k) => ((k + 1) * most) / LINE_POINTS);
  const figure = await curvesFigure({
    title: "Where the free energy of the data can be reached",
    subtitle: `${lattice.shape.join("×")} torus. Above the line F_λ = F has solutions, below it the zero RBM is the minimum`,
    xLabel: "compression α = m/n",
    yLabel: "coupling K",
    series: [
      {
        name: "predicted K*(α)",
        x: line.map((hidden) => hidden / lattice.sites),
        y: line.map((hidden) => reachableCoupling(lattice, hidden)),
      },
      {
        name: "found by training",
        x: families.map(({ alpha }) => alpha),
        y: found,
        error: halves,
        dash: [1, 12],
      },
    ],
  });
  writeFigure(
    folder,
    "phases",
    figure,
    formatCsv(
      ["hidden", "alpha", "predicted_coupling", "last_collapsed", "first_grown", "found", "half_width"],
      families.map((f, k) => [
        f.hidden,
        f.alpha,
        f.predicted,
        f.lastCollapsed,
        f.firstGrown,
        found[k],
        halves[k],
      ]),
    ),
  );
}

function judge(families: readonly Family[]): readonly Claim[] {
  const isFound = ({ lastCollapsed, firstGrown, predicted }: Family): boolean =>
    lastCollapsed < predicted &&
    predicted < firstGrown &&
    (firstGrown - lastCollapsed) / predicted <= 2 * TOLERANCE;
  const all = families.flatMap(({ points }) => points);
  const grown = all.filter(({ excess }) => excess > 0);
  const collapsed = all.filter(({ excess }) => excess < 0);
  const near = grown.filter(({ excess }) => excess < NEAR);
  const worst = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
  const normError = worst(near.map(({ squaredNorm, excess }) => Math.abs(squaredNorm / (2 * excess) - 1)));
  const gap = worst(grown.map((point) => Math.abs(point.gap)));
  const klError = worst(collapsed.map((point) => Math.abs(point.klPerSpin / point.klPerSpinOfZero - 1)));
  return [
    {
      claim: `the literal objective can be met only above K*(α), ln Z(K*) = (n + m) ln 2 (found within ${100 * TOLERANCE} %)`,
      measured: families
        .map(
          (f) =>
            `α = ${f.alpha}: between ${short(f.lastCollapsed)} and ${short(f.firstGrown)}, predicted ${short(f.predicted)}`,
        )
        .join("; "),
      verdict: families.every(isFound) ? "yes" : "no",
    },
    {
      claim: "above K* the gap closes, and near it ‖λ‖² = 2(ln Z − (n + m) ln 2) (within 5 %)",
      measured: `largest |F − F_λ| = ${short(gap)} nats over ${grown.length} runs; ‖λ‖² off by at most ${short(100 * normError)} % in the ${near.length} runs with less than ${NEAR} nats to spare`,
      verdict: gap <= 0.5 && near.length > 0 && normError <= 0.05 ? "yes" : "no",
    },
    {
      claim: "below K* training ends at the zero RBM: ‖λ‖ → 0, KL/n → ln 2 − s(K) (within 1 %)",
      measured: `largest ‖λ‖² = ${short(worst(collapsed.map(({ squaredNorm }) => squaredNorm)))}; KL/n off by at most ${short(100 * klError)} % over ${collapsed.length} runs`,
      verdict:
        collapsed.length > 0 && klError <= 0.01 && collapsed.every(({ squaredNorm }) => squaredNorm <= GROWN)
          ? "yes"
          : "no",
    },
  ];
}

import { overfittingBias } from "../../analysis/variational-rg/index.js";
import { short } from "../number-text.js";
import { allOf, decide, largest, type Measured, type Verdict, within, withError } from "../verdicts.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";
import { listed, numberOf, runTable, type TableRow } from "./run-tables.js";

/** A nearest-neighbour coupling within this share of K is recovered, and other pairs are absent below `SMALL`. */
const RECOVERED = 0.05;
const FAR = 3;
const SMALL = 0.02;

/** Two divergences differ if they do by this many standard deviations. */
const SIGMAS = 2;

/** The effective Hamiltonian of the visible spins of one RBM beside that of its data. J are means over pairs alike by symmetry. */
export interface RecoveredCouplings {
  /** Lattice and number of hidden units: KL is compared only between RBMs that agree in these. */
  readonly size: string;
  /** What else tells it from others. */
  readonly penalty: string;
  /** K of the data. */
  readonly coupling: number;
  /** J of nearest neighbours by the expansion, a mean over all configurations alike; exact. */
  readonly nearest: number;
  /** J of nearest neighbours by the projection on the data. */
  readonly projected: Measured;
  /** The largest |J| of the pairs that are not nearest neighbours, by the expansion; NaN where there are none. */
  readonly others: number;
  /** The pair it belongs to. */
  readonly strongest: string;
  /** The same of pairs beyond 3 sites; NaN where the lattice has none. */
  readonly far: number;
  /** Whether two spins of the lattice can be farther apart than 3 sites. */
  readonly hasFar: boolean;
  /** On the training data, or summed over all states, where its error is 0. */
  readonly klPerSpin: Measured;
  /** What overfitting hides of it at most; 0 where it is a sum over all states. */
  readonly overfitting: number;
}

/** (1) The couplings of the visible spins: of RBMs that can fit, then of those with a hidden unit for every four spins. */
export function concludeCouplings(
  fitting: readonly StudyRun[],
  trained: readonly StudyRun[],
  folder: string,
): readonly Claim[] {
  const [wide, narrow] = [fitting.map(readCouplings), trained.map(readCouplings)];
  writeTable(
    folder,
    "couplings",
    [
      ...["rbm", "coupling", "nearest", "nearest_on_data", "nearest_on_data_error"],
      ...[
        "largest_of_others",
        "largest_beyond_3",
        "kl_per_spin",
        "kl_per_spin_error",
        "overfitting_per_spin",
      ],
    ],
    [...wide, ...narrow].map((r) => [
      ...[nameOf(r), r.coupling, r.nearest, r.projected.value, r.projected.error],
      ...[r.others, r.far],
      ...[r.klPerSpin.value, r.klPerSpin.error, r.overfitting],
    ]),
  );
  return judgeCouplings(wide, narrow);
}

function nameOf({ size, penalty }: RecoveredCouplings): string {
  return `${size}${penalty}`;
}

function readCouplings(run: StudyRun): RecoveredCouplings {
  const pairs = runTable(run, "effective-hamiltonian.csv").filter(
    ({ side, order }) => side === "visible" && order === "2",
  );
  const of = (method: string) => pairs.filter((row) => row["method"] === method);
  const isNearest = ({ term }: TableRow): boolean => term === "pair 1,0";
  const projected = of("projection").find(isNearest);
  const others = of("expansion").filter((row) => !isNearest(row));
  const far = others.filter((row) => numberOf(row, "distance") > FAR);
  const size = (row: TableRow): number => Math.abs(numberOf(row, "coupling"));
  const { l1 } = run.config.training.penalty;
  return {
    size: `${run.summary["lattice"]}, ${run.config.hidden.join(", ")} hidden`,
    penalty: l1 > 0 ? `, L1 ${l1}` : "",
    coupling: summaryNumber(run, "coupling"),
    nearest: numberOf(of("expansion").find(isNearest), "coupling"),
    projected: { value: numberOf(projected, "coupling"), error: numberOf(projected, "error") },
    others: largest(others.map(size)),
    strongest: [...others].sort((a, b) => size(b) - size(a)).at(0)?.["term"] ?? "",
    far: largest(far.map(size)),
    hasFar: far.length > 0,
    ...readDivergence(run),
  };
}

/** KL/n of the first layer when it was trained, and what overfitting may hide of it. */
function readDivergence(run: StudyRun): Pick<RecoveredCouplings, "klPerSpin" | "overfitting"> {
  const last = runTable(run, "metrics.csv")
    .filter(({ layer }) => layer === "1")
    .at(-1);
  const klPerSpin = { value: numberOf(last, "kl_per_spin"), error: numberOf(last, "kl_per_spin_error") };
  if (klPerSpin.error === 0) return { klPerSpin, overfitting: 0 };
  const spins = run.summary["lattice"].split("x").reduce((product, side) => product * Number(side), 1);
  const [hidden] = run.config.hidden;
  const parameters = spins * hidden + (run.summary["bias"] === "true" ? spins + hidden : 0);
  return { klPerSpin, overfitting: overfittingBias(parameters, summaryNumber(run, "samples")) / spins };
}

/** Verdicts on the couplings of RBMs with hidden units enough to fit, and of others. */
export function judgeCouplings(
  wide: readonly RecoveredCouplings[],
  narrow: readonly RecoveredCouplings[],
): readonly Claim[] {
  return [
    ...recovery("an RBM with hidden units enough", wide),
    ...recovery("an RBM with a hidden unit for every four spins", narrow),
    explanation([...wide, ...narrow]),
  ];
}

/** What "the effective Hamiltonian is the Ising model's" means, one claim for each of the things that it does. */
function recovery(whose: string, all: readonly RecoveredCouplings[]): readonly Claim[] {
  const claim = (
    words: string,
    measure: (r: RecoveredCouplings) => string,
    judge: (r: RecoveredCouplings) => Verdict,
  ): Claim => ({
    claim: `the effective Hamiltonian of ${whose} has ${words}`,
    measured: listed(all.map((r) => `${nameOf(r)}, K = ${short(r.coupling)}: ${measure(r)}`)),
    verdict: allOf(all.map(judge)),
  });
  return [
    claim(
      `J of nearest neighbours within ${100 * RECOVERED} % of K and pairs beyond ${FAR} sites below ${SMALL} (means over all configurations alike, not over those that occur)`,
      ({ nearest, far, hasFar }) =>
        `J = ${short(nearest)}, ${hasFar ? `|J| beyond ${FAR} sites at most ${short(far)}` : `no pairs beyond ${FAR} sites`}`,
      isRecovered,
    ),
    claim(
      `no other pairs than nearest neighbours (the largest |J| of all others below ${SMALL}, in the same means)`,
      ({ others, strongest }) => `|J| at most ${short(others)}${strongest === "" ? "" : ` (${strongest})`}`,
      ({ others }) => decide(others < SMALL, others),
    ),
    claim(
      `the same J of nearest neighbours on the configurations that occur (projection on the data within ${100 * RECOVERED} % of K, two standard deviations included)`,
      ({ projected, klPerSpin, overfitting }) =>
        `J = ${withError(projected)}, ${divergenceText(klPerSpin, overfitting)}`,
      ({ projected, coupling }) => within(projected, coupling, RECOVERED * coupling),
    ),
  ];
}

function divergenceText(klPerSpin: Measured, overfitting: number): string {
  const text = `KL/n = ${withError(klPerSpin)}`;
  if (!Number.isFinite(klPerSpin.value)) return text;
  if (klPerSpin.error === 0) return `${text} over all states`;
  return `${text} on the training data (overfitting hides up to ${short(overfitting)})`;
}

function isRecovered({ coupling, nearest, far, hasFar }: RecoveredCouplings): Verdict {
  const off = Math.abs(nearest / coupling - 1);
  return decide(off <= RECOVERED && (!hasFar || far < SMALL), off, ...(hasFar ? [far] : []));
}

/**
 * A shortfall is the divergence's if the RBM that is nearer to its data is also nearer to K, at each K; of one size, since what
 * overfitting hides of KL is then the same, and told only where the divergences differ by more than their errors.
 */
function explanation(all: readonly RecoveredCouplings[]): Claim {
  const usable = all.filter(
    ({ klPerSpin, nearest }) => Number.isFinite(klPerSpin.value) && Number.isFinite(nearest),
  );
  const pairs = usable.flatMap((a) =>
    usable
      .filter((b) => b.size === a.size && b.coupling === a.coupling && a.klPerSpin.value < b.klPerSpin.value)
      .map((b) => ({ a, verdict: isOrdered(a, b) })),
  );
  const count = (verdict: Verdict): number => pairs.filter((pair) => pair.verdict === verdict).length;
  const against = pairs
    .filter(({ verdict }) => verdict === "no")
    .map(({ a }) => `${a.size}, K = ${short(a.coupling)}`);
  return {
    claim:
      "what is missing is what KL says: of two RBMs of one size at one K the one of smaller KL/n is nearer to J = K",
    measured:
      pairs.length === 0
        ? "no two RBMs of one size at one K with a known KL"
        : `${count("yes")} of ${pairs.length} pairs${against.length === 0 ? "" : `; not: ${against.join("; ")}`}${count("undecided") === 0 ? "" : `; KL too near to tell in ${count("undecided")}`}`,
    verdict: allOf(pairs.map(({ verdict }) => verdict)),
  };
}

/** Whether a, of smaller KL than b, is also nearer to K. */
function isOrdered(a: RecoveredCouplings, b: RecoveredCouplings): Verdict {
  const off = (r: RecoveredCouplings): number => Math.abs(r.nearest / r.coupling - 1);
  const error = Math.sqrt(a.klPerSpin.error ** 2 + b.klPerSpin.error ** 2);
  const known = b.klPerSpin.value - a.klPerSpin.value > SIGMAS * error;
  return known ? decide(off(a) <= off(b), off(a), off(b)) : "undecided";
}

import { short } from "../number-text.js";
import { allOf, decide, type Verdict } from "../verdicts.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";
import { listed, numberOf, runTable } from "./run-tables.js";

/** A nearest-neighbour coupling within this share of K is recovered, and pairs beyond `FAR` sites must stay below `SMALL`. */
const RECOVERED = 0.05;
const FAR = 3;
const SMALL = 0.02;

/** The effective Hamiltonian of the visible spins of one RBM beside that of its data. */
export interface RecoveredCouplings {
  readonly name: string;
  /** K of the data. */
  readonly coupling: number;
  /** J of nearest neighbours by the expansion, all configurations alike, and on the data. */
  readonly nearest: number;
  readonly projected: number;
  /** The largest mean |J| of the pairs beyond 3 sites; NaN where the lattice has none. */
  readonly far: number;
  /** Whether two spins of the lattice can be farther apart than 3 sites. */
  readonly hasFar: boolean;
  readonly klPerSpin: number;
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
    ["rbm", "coupling", "nearest", "nearest_on_data", "largest_beyond_3", "kl_per_spin"],
    [...wide, ...narrow].map((r) => [
      ...[r.name, r.coupling, r.nearest, known(r.projected), known(r.far), known(r.klPerSpin)],
    ]),
  );
  return judgeCouplings(wide, narrow);
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function readCouplings(run: StudyRun): RecoveredCouplings {
  const pairs = runTable(run, "effective-hamiltonian.csv").filter(
    ({ side, order }) => side === "visible" && order === "2",
  );
  const of = (method: string) => pairs.filter((row) => row["method"] === method);
  const nearest = (method: string): number =>
    numberOf(
      of(method).find(({ term }) => term === "pair 1,0"),
      "coupling",
    );
  const far = of("expansion").filter((row) => numberOf(row, "distance") > FAR);
  return {
    name: `${run.summary["lattice"]}, ${run.config.hidden.join(", ")} hidden${run.config.training.penalty.l1 > 0 ? `, L1 ${run.config.training.penalty.l1}` : ""}`,
    coupling: summaryNumber(run, "coupling"),
    nearest: nearest("expansion"),
    projected: nearest("projection"),
    far: far.length === 0 ? NaN : Math.max(...far.map((row) => Math.abs(numberOf(row, "coupling")))),
    hasFar: far.length > 0,
    klPerSpin: summaryNumber(run, "kl_per_spin_1"),
  };
}

/** Verdicts on the couplings of RBMs with hidden units enough to fit, and of others. */
export function judgeCouplings(
  wide: readonly RecoveredCouplings[],
  narrow: readonly RecoveredCouplings[],
): readonly Claim[] {
  const bounds = `J of nearest neighbours within ${100 * RECOVERED} % of K, pairs beyond ${FAR} sites below ${SMALL}`;
  const claim = (words: string, all: readonly RecoveredCouplings[]): Claim => ({
    claim: `${words} (${bounds})`,
    measured: listed(all.map(describe)),
    verdict: allOf(all.map(isRecovered)),
  });
  return [
    claim("the effective Hamiltonian of an RBM with hidden units enough is the Ising model's", wide),
    claim("so is that of an RBM with a hidden unit for every four spins", narrow),
    explanation([...wide, ...narrow]),
  ];
}

function describe({
  name,
  coupling,
  nearest,
  projected,
  far,
  hasFar,
  klPerSpin,
}: RecoveredCouplings): string {
  const beyond = hasFar ? `|J| beyond ${FAR} sites at most ${short(far)}` : `no pairs beyond ${FAR} sites`;
  return `${name}, K = ${short(coupling)}: J = ${short(nearest)}${Number.isNaN(projected) ? "" : ` (${short(projected)} on the data)`}, ${beyond}, KL/n = ${short(klPerSpin)}`;
}

function isRecovered({ coupling, nearest, far, hasFar }: RecoveredCouplings): Verdict {
  const off = Math.abs(nearest / coupling - 1);
  return decide(off <= RECOVERED && (!hasFar || far < SMALL), off);
}

/** A shortfall is the divergence's if the RBM that is nearer to its data is also nearer to K, at each K. */
function explanation(all: readonly RecoveredCouplings[]): Claim {
  const usable = all.filter(
    ({ klPerSpin, nearest }) => Number.isFinite(klPerSpin) && Number.isFinite(nearest),
  );
  const off = (r: RecoveredCouplings): number => Math.abs(r.nearest / r.coupling - 1);
  const pairs = usable.flatMap((a) =>
    usable.filter((b) => b.coupling === a.coupling && a.klPerSpin < b.klPerSpin).map((b) => off(a) <= off(b)),
  );
  const ordered = pairs.filter(Boolean).length;
  return {
    claim: "what is missing is what KL says: of two RBMs at one K the one of smaller KL/n is nearer to J = K",
    measured:
      pairs.length === 0 ? "no two RBMs at one K with a known KL" : `${ordered} of ${pairs.length} pairs`,
    verdict: pairs.length === 0 ? "undecided" : decide(ordered === pairs.length, ordered),
  };
}

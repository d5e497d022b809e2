import type { Lattice } from "../../ising/lattice.js";
import { summaryNumber } from "../study.js";
import { hiddenUnits, latticeOf, type MeasuredRun } from "./final-metrics.js";
import { excessOf, exactTorusOf, reachableCoupling } from "./threshold.js";
import { locateTransition, type Transition } from "./transition.js";

/** Near the threshold: an excess of ln Z of at most this many nats. */
export const NEAR = 0.15;

/** One run of the literal objective beside what is predicted of it. */
export interface Point {
  readonly coupling: number;
  /** ln Z − (n + m) ln 2, nats. */
  readonly excess: number;
  readonly gap: number | null;
  readonly klPerSpin: number | null;
  readonly klPerSpinError: number | null;
  /** KL/n of the zero RBM: ln 2 − s(K). */
  readonly klPerSpinOfZero: number;
  readonly squaredNorm: number;
  /** ‖⟨∇H_λ⟩_λ‖ */
  readonly conditionRg: number | null;
}

/** All couplings of one lattice with one number of hidden units. */
export interface Family {
  /** As written: 4x4. */
  readonly latticeName: string;
  readonly lattice: Lattice;
  readonly hidden: number;
  readonly alpha: number;
  /** By rising coupling. */
  readonly points: readonly Point[];
  /** K* by ln Z(K*) = (n + m) ln 2. */
  readonly predicted: number;
  /** K* by training alone. */
  readonly found: Transition | null;
}

/** The runs of the literal objective by lattice and number of hidden units, in the order in which these first appear. */
export function familiesOf(runs: readonly MeasuredRun[]): readonly Family[] {
  const groups = new Map<string, MeasuredRun[]>();
  for (const run of runs) {
    const key = `${run.summary["lattice"]} ${hiddenUnits(run)}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map(familyOf);
}

function familyOf(runs: readonly MeasuredRun[]): Family {
  const [first] = runs;
  const [lattice, hidden] = [latticeOf(first), hiddenUnits(first)];
  const points = runs.map((run) => pointOf(run, lattice, hidden)).sort((a, b) => a.coupling - b.coupling);
  return {
    latticeName: first.summary["lattice"],
    lattice,
    hidden,
    alpha: hidden / lattice.sites,
    points,
    predicted: reachableCoupling(lattice, hidden),
    found: locateTransition(points),
  };
}

function pointOf(run: MeasuredRun, lattice: Lattice, hidden: number): Point {
  const { freeEnergyGap, klPerSpin, klPerSpinError, squaredNorm, conditionRg } = run.final;
  const coupling = summaryNumber(run, "coupling");
  const { logPartition, energyPerSite } = exactTorusOf(lattice, coupling);
  const entropy = logPartition / lattice.sites + coupling * energyPerSite;
  return {
    coupling,
    excess: excessOf(lattice, coupling, hidden),
    gap: freeEnergyGap,
    klPerSpin,
    klPerSpinError,
    klPerSpinOfZero: Math.LN2 - entropy,
    squaredNorm,
    conditionRg,
  };
}

/** How figures and tables call a family. */
export function familyName({ latticeName, alpha, hidden }: Family): string {
  return `${latticeName.replace("x", "×")}, α = ${Number(alpha.toPrecision(4))} (m = ${hidden})`;
}

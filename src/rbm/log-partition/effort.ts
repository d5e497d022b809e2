import { DomainError } from "../../errors/index.js";
import type { LayerArrays } from "../../kernels/index.js";
import type { PathMeasurement } from "./annealing-schedule.js";
import type { AnnealingOptions } from "./problem.js";

/** Chains of `auto`: as many as cost this many multiplications a product, within these bounds. */
const CHAIN_WORK = 3.3e8;
const FEWEST_CHAINS = 128;
const MOST_CHAINS = 500;

/** How the steps of `auto` are chosen on one kind of path. */
export interface PathCost {
  /** Var(work) that is wanted, by the measurement of the path. */
  readonly variance: number;
  /** What a step does for every visible unit beside the products, counted in multiplications. */
  readonly perVisible: number;
}

/** From independent units, for averages of e^work. */
export const INDEPENDENT_PATH: PathCost = { variance: 0.3, perVisible: 0 };
/** From an Ising model, for the acceptance ratio of both directions, which bears more variance; with a sweep of its sites. */
export const ISING_PATH: PathCost = { variance: 0.4, perVisible: 700 };

/** What drawing one unit takes, counted in multiplications. */
const UNIT_WORK = 120;
/** Steps of `auto` cost no more than this many multiplications, about 10 seconds of two processors, within these bounds. */
const STEP_WORK = 3.6e11;
const FEWEST_STEPS = 200;
const MOST_STEPS = 20_000;

/** Samples of the model get this many Gibbs updates, as a share of the steps that led to it. */
export const EQUILIBRATION = 0.25;

/** A population is drawn anew when fewer than this share of its chains are effective. */
export const RENEWAL = 0.5;

/** Chains of a pilot run, as a share of the chains. */
export const PILOT_CHAINS = 0.25;

/** Probes, as a share of the chains. */
export const PROBES = 0.25;

/** Chains in each direction. */
export function annealingChains({ chains }: AnnealingOptions, { visible, hidden }: LayerArrays): number {
  if (chains === "auto") {
    return Math.max(FEWEST_CHAINS, Math.min(MOST_CHAINS, Math.round(CHAIN_WORK / (visible * hidden))));
  }
  return requireCount("chains", chains, 4);
}

/** Steps along a path. */
export function annealingSteps(
  { steps }: AnnealingOptions,
  { effort }: PathMeasurement,
  chains: number,
  { visible, hidden }: LayerArrays,
  cost: PathCost,
): number {
  if (steps !== "auto") return requireCount("steps", steps, 1);
  const wanted = Math.ceil(effort / cost.variance);
  const work = visible * hidden + UNIT_WORK * (visible + hidden) + cost.perVisible * visible;
  const affordable = Math.floor(STEP_WORK / (chains * work));
  return Math.max(FEWEST_STEPS, Math.min(wanted, affordable, MOST_STEPS));
}

/** Chains that follow training of `auto`: as many as cost this many multiplications a product. */
const TRACKING_WORK = 1.28e8;
/** Multiplications of an anchor of `auto` in all, and bounds on its steps. */
const ANCHOR_WORK = 6e10;
const FEWEST_ANCHOR_STEPS = 100;
const MOST_ANCHOR_STEPS = 1000;

/** Chains that follow a layer in training. */
export function trackingChains({ chains }: AnnealingOptions, { visible, hidden }: LayerArrays): number {
  if (chains !== "auto") return requireCount("chains", chains, 4);
  return Math.max(FEWEST_CHAINS, Math.min(MOST_CHAINS, Math.round(TRACKING_WORK / (visible * hidden))));
}

/** Steps from independent units to a layer in training. */
export function anchorSteps(options: AnnealingOptions, layer: LayerArrays): number {
  if (options.steps !== "auto") return requireCount("steps", options.steps, 1);
  const affordable = ANCHOR_WORK / (trackingChains(options, layer) * layer.visible * layer.hidden);
  return Math.max(FEWEST_ANCHOR_STEPS, Math.min(MOST_ANCHOR_STEPS, Math.round(affordable)));
}

/** Chains of an anchor that nobody asked for; with fewer steps than this error bars are too short at K_c (see tracking.test.ts). */
const MODEST_CHAINS = 128;
const FEWEST_MODEST_STEPS = 120;
const MOST_MODEST_STEPS = 400;
/** What its steps cost of the updates that each row goes through between two of them. */
const MODEST_SHARE = 0.5;

/**
 * Annealing that costs little beside the training of small layers: `updates` counts the Gibbs updates that training makes
 * between two anchors, over all rows.
 */
export function modestAnnealing(updates: number): AnnealingOptions {
  const steps = Math.round((MODEST_SHARE * updates) / MODEST_CHAINS);
  return {
    chains: MODEST_CHAINS,
    steps: Math.max(FEWEST_MODEST_STEPS, Math.min(MOST_MODEST_STEPS, steps)),
  };
}

function requireCount(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new DomainError(`annealing ${name} = ${value}: expected a whole number ≥ ${least}, or auto.`);
}

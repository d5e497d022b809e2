import { blockStep } from "./block-map.js";
import { criticalFixedPoint } from "./fixed-point.js";
import { type PlaquetteCouplings, plaquetteCouplings, plaquettePotential } from "./plaquette.js";

/** Steps after which a trajectory that started within rounding of the critical surface has left it. */
const MAX_STEPS = 200;

/** Steps that a trajectory far from critical may need to come near the line between the sinks. */
const TRANSIENT_STEPS = 2;

/** A straight line through infinite temperature: the couplings K times these. */
export type CouplingAxis = Partial<PlaquetteCouplings>;

/** Lines on which K is the coupling of a nearest-neighbour bond, which belongs to two plaquettes. */
export const couplingAxes = {
  /** Nearest neighbours alone: the Ising model. */
  nearest: { nearest: 1 / 2 },
  /** K₁ = K₂ on every plaquette: next-nearest neighbours, in one plaquette each, with K/2. */
  permutation: { nearest: 1 / 2, diagonal: 1 / 2 },
} as const satisfies Readonly<Record<string, CouplingAxis>>;

/** One point of a trajectory; step 0 is where it starts. */
export interface FlowPoint {
  readonly step: number;
  /** p of the step that led here; NaN at the start. */
  readonly parameter: number;
  readonly couplings: PlaquetteCouplings;
}

/**
 * Couplings after 0, 1, …, `steps` steps from the point K on an axis; constants are dropped. `parameters` holds p of each
 * step, the last for all that follow. With one p for all steps the sinks are not at K = 0 and ∞: at p* those of disorder
 * have K₁ = −0.0005 and K₂ = −0.43 (−0.165 both where K₁ = K₂), that of order has K₁ = K₂ = 0.279.
 */
export function kadanoffFlow(
  coupling: number,
  parameters: readonly number[],
  steps: number,
  axis: CouplingAxis = couplingAxes.nearest,
): readonly FlowPoint[] {
  const points: FlowPoint[] = [{ step: 0, parameter: NaN, couplings: startCouplings(coupling, axis) }];
  for (let step = 1; step <= steps; step++) {
    const parameter = parameters[Math.min(step, parameters.length) - 1];
    points.push({ step, parameter, couplings: nextCouplings(points[step - 1].couplings, parameter) });
  }
  return points;
}

/**
 * K_c of the map on an axis: where trajectories to order and to disorder part, by bisection to the last bit. The square
 * lattice has 0.440687 on the nearest-neighbour axis.
 *
 * @param parameter p of every step, within 0.648 … 0.92; DomainError outside
 * @param axis the couplings at K = 1; default: K₁ = ½ alone, the nearest-neighbour model
 */
export function mapCriticalCoupling(parameter: number, axis: CouplingAxis = couplingAxes.nearest): number {
  const fixed = strength(criticalFixedPoint(parameter).couplings);
  let [low, high] = [0, 2];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (flowsToOrder(startCouplings(middle, axis), parameter, fixed)) high = middle;
    else low = middle;
  }
}

/**
 * Whether a trajectory ends stronger than the fixed points. The sinks of order lie at about twice their strength, those
 * of disorder at none or below, so what has come half way to a sink is decided.
 */
function flowsToOrder(start: PlaquetteCouplings, parameter: number, fixed: number): boolean {
  let couplings = start;
  for (let step = 1; step <= MAX_STEPS; step++) {
    couplings = nextCouplings(couplings, parameter);
    if (step > TRANSIENT_STEPS && Math.abs(strength(couplings) - fixed) > fixed / 2) break;
  }
  return strength(couplings) > fixed;
}

/** What all pairs of a plaquette add up to: 4K₁ + 2K₂. */
function strength({ nearest, diagonal }: PlaquetteCouplings): number {
  return 4 * nearest + 2 * diagonal;
}

function startCouplings(coupling: number, axis: CouplingAxis): PlaquetteCouplings {
  const along = (share = 0): number => coupling * share;
  return {
    constant: 0,
    field: along(axis.field),
    nearest: along(axis.nearest),
    diagonal: along(axis.diagonal),
    triple: along(axis.triple),
    fourSpin: along(axis.fourSpin),
  };
}

/**
 * One step, the new constant set to 0. Without a field there is none afterwards: what rounding makes of it would grow
 * fourfold a step beside the sink of order.
 */
function nextCouplings(couplings: PlaquetteCouplings, parameter: number): PlaquetteCouplings {
  const { potential } = blockStep(plaquettePotential(couplings), parameter);
  const next = { ...plaquetteCouplings(potential), constant: 0 };
  return couplings.field === 0 && couplings.triple === 0 ? { ...next, field: 0, triple: 0 } : next;
}

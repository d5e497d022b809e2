import { CRITICAL_COUPLING } from "../../ising/model.js";
import { type CriticalFixedPoint, optimalFixedPoint } from "./fixed-point.js";
import { couplingAxes, kadanoffFlow, mapCriticalCoupling } from "./flow.js";
import { freeEnergyTable, type FreeEnergyRow } from "./free-energy.js";

/** A fixed point at its best p with the critical coupling of that map. */
export interface FixedPointRow {
  /** The fixed point, with its exponents. */
  readonly fixedPoint: CriticalFixedPoint;
  /** K_c of the nearest-neighbour model under the map with this p. */
  readonly criticalCoupling: number;
}

/** One point of one trajectory, by the names of its couplings. */
export interface FlowRow {
  /** The line it starts on: K₁ = K/2 alone (`nearest`), or K₁ = K₂ = K/2 (`permutation`). */
  readonly axis: keyof typeof couplingAxes;
  /** K at the start. */
  readonly coupling: number;
  /** Steps made; 0 at the start. */
  readonly step: number;
  /** K₁ after them. */
  readonly nearest: number;
  /** K₂ after them. */
  readonly diagonal: number;
  /** K₄ after them. */
  readonly fourSpin: number;
}

/** Everything the analysis has to say, as plain rows. */
export interface KadanoffSurvey {
  /** The permutation-symmetric fixed point first, then the square one. */
  readonly fixedPoints: readonly FixedPointRow[];
  /** A row for each coupling. */
  readonly freeEnergy: readonly FreeEnergyRow[];
  /** Trajectories from couplings about the map's K_c on both lines, with p* of the first fixed point at every step. */
  readonly flow: readonly FlowRow[];
}

/** Steps of each trajectory; most have arrived somewhere by then. */
const FLOW_STEPS = 12;

/** Distances from the map's K_c at which trajectories start. */
const FLOW_STARTS = [-0.05, -0.02, -0.003, 0, 0.003, 0.02, 0.05] as const;

/** Couplings of the free energy's table: 0 to 1 in steps of 1/40, and K_c itself. */
const FREE_ENERGY_COUPLINGS: readonly number[] = [
  ...Array.from({ length: 41 }, (_, k) => k / 40),
  CRITICAL_COUPLING,
].sort((a, b) => a - b);

/**
 * Fixed points, exponents, flow and free energy of Kadanoff's lower-bound renormalization group on the square lattice.
 *
 * @param couplings K of the rows of the free energy; default: 0 to 1 in steps of 1/40, and K_c
 */
export function kadanoffSurvey(couplings: readonly number[] = FREE_ENERGY_COUPLINGS): KadanoffSurvey {
  const fixedPoints = (["permutation", "square"] as const).map((symmetry) => {
    const fixedPoint = optimalFixedPoint(symmetry);
    return { fixedPoint, criticalCoupling: mapCriticalCoupling(fixedPoint.parameter) };
  });
  const { parameter } = fixedPoints[0].fixedPoint;
  return { fixedPoints, freeEnergy: freeEnergyTable(couplings), flow: flowRows(parameter) };
}

/** Trajectories from both axes. */
function flowRows(parameter: number): readonly FlowRow[] {
  return (["nearest", "permutation"] as const).flatMap((axis) => {
    const critical = mapCriticalCoupling(parameter, couplingAxes[axis]);
    return FLOW_STARTS.flatMap((distance) => {
      const coupling = critical + distance;
      const points = kadanoffFlow(coupling, [parameter], FLOW_STEPS, couplingAxes[axis]);
      return points.map(({ step, couplings: { nearest, diagonal, fourSpin } }) => {
        return { axis, coupling, step, nearest, diagonal, fourSpin };
      });
    });
  });
}

import { blockJackknife } from "../../statistics/index.js";
import type { TorusShape } from "../monte-carlo-rg/index.js";
import { difference, type Measured, type SpinState, type ThermometerName } from "../thermometers/index.js";

/** What a flow has made of the configurations of one temperature after so many steps. */
export interface FlowPoint {
  /** 0: the Ising configurations themselves. */
  readonly step: number;
  /** Sides of the torus the spins are on: the lattice, or the grid of a layer. */
  readonly shape: TorusShape;
  /** What the thermometers say of them. */
  readonly state: SpinState;
}

/** A flow from one temperature. */
export interface Trajectory {
  /** K of the Ising model it starts from. */
  readonly start: number;
  /** The start, then one after every step or of every layer. */
  readonly points: readonly FlowPoint[];
}

/** How K of one thermometer has changed from the start to the end of a trajectory. */
export interface CouplingChange {
  /** K of the Ising model at the start, exactly. */
  readonly start: number;
  /** K_end − K_start, with the error of the difference: both are averages over the same chains. */
  readonly change: Measured;
}

/** Null where the thermometer says nothing finite at either end. */
export function couplingChange(
  { start, points }: Trajectory,
  thermometer: ThermometerName,
): CouplingChange | null {
  const read = (point: FlowPoint) =>
    point.state.readings.find((reading) => reading.thermometer === thermometer)!;
  const [first, last] = [read(points[0]), read(points.at(-1)!)];
  if (![first, last].every(({ coupling }) => coupling.error > 0)) return null;
  const { whole, without } = difference(last.replicates, first.replicates);
  const { value, error } = blockJackknife(whole, without);
  const squared =
    error * error + first.referenceError * first.referenceError + last.referenceError * last.referenceError;
  return { start, change: { value, error: Math.sqrt(squared) } };
}

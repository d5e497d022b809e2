import type { Direction } from "../direction.js";
import type { Phases } from "../estimators/index.js";

/** A loss of the RBM, known through the direction in which it falls fastest. */
export interface Objective {
  readonly name: string;
  /** direction += −∇_λ loss, made from the data and model phases. */
  addDescentDirection(phases: Phases, direction: Direction): void;
}

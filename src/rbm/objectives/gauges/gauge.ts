import type { Direction } from "../../direction.js";
import type { LossTerms, ObjectiveNeeds } from "../objective.js";

/** What is added to F − F_λ before it is squared. */
export interface Gauge {
  readonly needs: ObjectiveNeeds;
  /** Whether r may cross zero; else it is a divergence, r ≥ 0. */
  readonly crossesZero: boolean;
  /** Fill `direction`, which is clear, with −∇_λ r; returns r, nats. */
  residual(terms: LossTerms, direction: Direction): number;
}

import type { IsingModel } from "../../ising/model.js";
import type { MeanChoice } from "./covariance.js";

/** Multiplications that the fourth moments may take by default: some twenty seconds. */
const MOMENT_WORK = 4e10;

/** Rows whose fourth moments take some twenty seconds, the most that are used by default. */
export function affordableMomentRows(columns: number): number {
  return Math.max(2, Math.floor(MOMENT_WORK / (2 * columns ** 2)));
}

/** Zero where symmetry says that this is the mean, an Ising model without a field; else the mean of the data. */
export function defaultMean(model: IsingModel | null): MeanChoice {
  return model !== null && model.field === 0 ? "zero" : "data";
}

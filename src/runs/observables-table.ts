import type { ExactReference } from "../ising/exact/index.js";
import type { Observable, ObservableName } from "../ising/observables.js";
import { formatCsv } from "../io/index.js";

/** Columns of observables.csv; `exact` and `z` = (value − exact)/error are empty where no exact value is known. */
const columns = ["observable", "value", "error", "tau", "ess", "exact", "z"] as const;

/** The exact quantity that belongs to each observable. */
const exactNames: Readonly<Record<ObservableName, keyof ExactReference>> = {
  energy: "energyPerSite",
  magnetization: "magnetization",
  absMagnetization: "absMagnetization",
  m2: "m2",
  m4: "m4",
  binder: "binder",
  specificHeat: "specificHeat",
  susceptibility: "susceptibility",
  xi: "correlationLength",
};

/** One observable beside its exact value. */
export interface ObservableRow extends Observable {
  /** The exact value; null where it is not known. */
  readonly exact: number | null;
  /** (value − exact)/error; null where there is no exact value or no error. */
  readonly z: number | null;
}

/**
 * Estimates beside what is exactly known of their model, z = (value − exact)/error; both null where it is not known, z
 * also where the error is 0.
 *
 * @param observables estimates, see `estimateObservables`
 * @param exact the exact values of the same model, see `exactReference`
 */
export function compareWithExact(
  observables: readonly Observable[],
  exact: ExactReference,
): readonly ObservableRow[] {
  return observables.map((observable) => {
    const value = exact[exactNames[observable.name]] ?? null;
    const comparable = value !== null && observable.error > 0;
    return {
      ...observable,
      exact: value,
      z: comparable ? (observable.value - value) / observable.error : null,
    };
  });
}

export function observablesCsv(rows: readonly ObservableRow[]): string {
  return formatCsv(
    columns,
    rows.map((row) => [row.name, row.value, row.error, row.tau, row.ess, row.exact, row.z]),
  );
}

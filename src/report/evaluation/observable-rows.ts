import { join } from "node:path";
import type { Evaluation, Measured } from "../../analysis/evaluation/index.js";
import { parseCsv, pathStatus, readText } from "../../io/index.js";
import { exactReference } from "../../ising/exact/index.js";
import type { IsingModel } from "../../ising/model.js";
import { compareWithExact, type ObservableRow } from "../../runs/index.js";
import { comparedRow, plainRow, type Reference, type Row } from "./rows.js";

/** Correlations longer than this share of the chains are not known. */
const LONGEST_TAU = 0.25;

/** Thermodynamics of the model's samples; what has no exact value is compared with the data, whose folder `source` is. */
export function observableRows(evaluation: Evaluation, model: IsingModel, source: string): readonly Row[] {
  const { observables, splitRhat, chains, length } = evaluation;
  if (observables === null) return [];
  const measured = observablesOfData(source);
  const stuck = stuckRemark(evaluation);
  const rows = compareWithExact(observables, exactReference(model)).map((row) =>
    comparedRow(snakeCase(row.name), defined(row), row, referenceOf(row, measured), [
      Number.isFinite(row.value) ? null : "undefined: S(0) < S(k), or nothing fluctuates at the smallest k",
      row.tau > LONGEST_TAU * length.rounds ? `the chains are too short for τ = ${row.tau.toFixed(1)}` : null,
      stuck,
    ]),
  );
  const made = `${chains} chains, ${length.rounds} configurations each, ${length.spacing} Gibbs updates apart`;
  const remark = stuck === null ? made : `${made}; ${stuck}: this says nothing of them`;
  return [...rows, plainRow("split_rhat", { value: splitRhat ?? NaN, error: NaN }, remark)];
}

/** Chains that are where they set out have not been anywhere else: their agreement is that of their starts. */
export function stuckRemark({ stuck, chains }: Evaluation): string | null {
  return stuck === 0 ? null : `${stuck} of ${chains} chains did not move`;
}

/** No number where the estimator does not exist. */
function defined({ value, error }: Measured): Measured {
  return Number.isFinite(value) ? { value, error } : { value: NaN, error: NaN };
}

function referenceOf(row: ObservableRow, measured: ReadonlyMap<string, Measured>): Reference | null {
  if (row.exact !== null) return { value: row.exact, error: 0, kind: "exact" };
  const data = measured.get(row.name);
  return data === undefined || !Number.isFinite(data.value) ? null : { ...data, kind: "data" };
}

/** Observables of a dataset folder; none of a file. */
function observablesOfData(source: string): ReadonlyMap<string, Measured> {
  const path = join(source, "observables.csv");
  if (pathStatus(path) === undefined) return new Map();
  const number = (text: string): number => (text === "" ? NaN : Number(text));
  return new Map(
    parseCsv(readText(path), path).rows.map((row) => [
      row["observable"],
      { value: number(row["value"]), error: number(row["error"]) },
    ]),
  );
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

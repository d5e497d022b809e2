import {
  axisProfile,
  type CorrelationFunction,
  correlationFunction,
  type Evaluation,
} from "../../analysis/evaluation/index.js";
import { formatCsv } from "../../io/index.js";
import { exactCorrelations } from "../../ising/exact/index.js";
import type { IsingModel } from "../../ising/model.js";
import type { Dataset } from "../../runs/index.js";
import { curvesFigure } from "../figures/index.js";
import { writeFigure } from "../write-figure.js";
import { stuckRemark } from "./observable-rows.js";
import { comparedRow, type Row } from "./rows.js";

/** C(r) of the samples of a model beside that of the Ising model behind the data. */
export interface ComparedCorrelations {
  readonly model: CorrelationFunction;
  readonly reference: CorrelationFunction;
  readonly kind: "exact" | "data";
}

/** C(r) along the axes, held against the exact one where that is known, else against that of the data. */
export function compareCorrelations(
  found: CorrelationFunction,
  model: IsingModel,
  { rows, chains }: Dataset,
): ComparedCorrelations {
  const { shape } = model.lattice;
  const exact = exactCorrelations(model);
  if (exact === null) {
    return { model: found, reference: correlationFunction(rows, shape, chains ?? null), kind: "data" };
  }
  const values = axisProfile(exact, shape);
  return { model: found, reference: { values, errors: values.map(() => 0) }, kind: "exact" };
}

/** Rows of evaluation.csv: `correlation_r1`, `correlation_r2`, … */
export function correlationRows(
  { model, reference, kind }: ComparedCorrelations,
  evaluation: Evaluation,
): readonly Row[] {
  const at = ({ values, errors }: CorrelationFunction, r: number) => ({ value: values[r], error: errors[r] });
  return Array.from(model.values, (_, r) =>
    comparedRow(`correlation_r${r}`, at(model, r), { tau: null, ess: null }, { ...at(reference, r), kind }, [
      stuckRemark(evaluation),
    ]),
  ).slice(1);
}

/** figures/correlations; returns the paths of its files in the run. */
export async function writeCorrelations(
  run: string,
  { model, reference, kind }: ComparedCorrelations,
): Promise<readonly string[]> {
  const distances = Array.from(model.values, (_, r) => r);
  const csv = formatCsv(
    ["r", "model", "model_error", kind, `${kind}_error`],
    distances.map((r) => [r, model.values[r], model.errors[r], reference.values[r], reference.errors[r]]),
  );
  const figure = await curvesFigure({
    title: "Correlations of the model beside those of the Ising model",
    xLabel: "distance r along the axes (sites)",
    yLabel: "C(r) = ⟨v(x) v(x + r)⟩",
    series: [
      { name: "samples of the RBM", x: distances, y: model.values, error: model.errors },
      {
        name: `Ising, ${kind === "data" ? "the data" : "exact"}`,
        x: distances,
        y: reference.values,
        ...(kind === "data" ? { error: reference.errors } : {}),
      },
    ],
  });
  return writeFigure(run, "correlations", figure, csv);
}

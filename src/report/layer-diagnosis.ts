import { diagnose, type Finding } from "../rbm/diagnosis.js";
import type { Dataset, ExperimentConfig, MetricsRow } from "../runs/index.js";

/** What the last metrics of a layer say of it; nothing before its first epoch. */
export function diagnoseLayer(
  { hidden, training }: ExperimentConfig,
  { model, rows }: Pick<Dataset, "model" | "rows">,
  metrics: readonly MetricsRow[],
  layer: number,
): readonly Finding[] {
  const assessment = metrics.filter((row) => row.layer === layer).at(-1);
  if (assessment === undefined) return [];
  const sizes = [rows.columns, ...hidden];
  return diagnose({
    options: training,
    visible: sizes[layer - 1],
    hidden: sizes[layer],
    symmetric: layer === 1 && model !== null ? model.field === 0 : null,
    assessment,
  });
}

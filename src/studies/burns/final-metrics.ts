import { type MetricsRow, readMetrics } from "../../runs/index.js";
import type { StudyRun } from "../study.js";

/** A run of the study with its metrics, the last of which is what it has come to. */
export interface MeasuredRun extends StudyRun {
  readonly metrics: readonly MetricsRow[];
  readonly final: MetricsRow;
}

/** The runs that belong to parts whose name begins so, with their metrics. */
export function measuredRuns(runs: readonly StudyRun[], part: string): readonly MeasuredRun[] {
  return runs
    .filter(({ parts }) => parts.some((name) => name.startsWith(part)))
    .map((run) => {
      const metrics = readMetrics(run.folder);
      return { ...run, metrics, final: metrics.at(-1)! };
    });
}

/** A number for people, four digits. */
export function short(value: number | null): string {
  return value === null || !Number.isFinite(value) ? "unknown" : String(Number(value.toPrecision(4)));
}

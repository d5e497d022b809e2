import { join } from "node:path";

/** Where everything lies inside a run folder. Layers are counted from 1, from the bottom up. */
export const runLayout = {
  manifest: (run: string) => join(run, "manifest.json"),
  lock: (run: string) => join(run, ".lock"),
  checkpoints: (run: string) => join(run, "checkpoint"),
  samplingCheckpoint: (run: string) => join(run, "checkpoint", "sampling.checkpoint"),
  config: (run: string) => join(run, "config.yaml"),
  dataset: (run: string) => join(run, "data"),
  metrics: (run: string) => join(run, "metrics.csv"),
  receptiveFields: (run: string) => join(run, "receptive_fields.csv"),
  summary: (run: string) => join(run, "summary.csv"),
  page: (run: string) => join(run, "report.html"),
  figures: (run: string) => join(run, "figures"),
  weightsCsv: (run: string, layer: number) => join(run, `weights-${layer}.csv`),
  weightsNpy: (run: string, layer: number) => join(run, `weights-${layer}.npy`),
  visibleBiasNpy: (run: string, layer: number) => join(run, `visible-bias-${layer}.npy`),
  hiddenBiasNpy: (run: string, layer: number) => join(run, `hidden-bias-${layer}.npy`),
  hiddenBiasCsv: (run: string, layer: number) => join(run, `hidden-bias-${layer}.csv`),
} as const;

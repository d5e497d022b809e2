import { formatCsv } from "../../io/index.js";
import { smallMultiplesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import { summaryNumber } from "../study.js";
import { hiddenUnits, type MeasuredRun, objectiveOf, reverseDivergence, short } from "./final-metrics.js";

type Row = MeasuredRun["final"];

/** KL and gap of every objective against epochs, two panels for each coupling. */
export async function drawGauges(runs: readonly MeasuredRun[], folder: string): Promise<void> {
  const couplings = [...new Set(runs.map((run) => summaryNumber(run, "coupling")))].sort((a, b) => a - b);
  const xLabel = epochLabel(runs);
  const panels = couplings.flatMap((coupling) => {
    const own = runs.filter((run) => summaryNumber(run, "coupling") === coupling);
    const panel = (title: string, yLabel: string, value: (row: Row) => number | null) => ({
      title: `${title}, K = ${short(coupling)}`,
      xLabel,
      yLabel,
      logY: true,
      series: own.map((run) => ({
        name: objectiveOf(run),
        x: run.metrics.map(({ epoch }) => epoch),
        y: run.metrics.map((row) => value(row) ?? NaN),
      })),
    });
    return [
      panel("Divergence", "KL per spin (nats)", ({ klPerSpin }) => klPerSpin),
      panel("Gap", "|F − F_λ| (nats)", ({ freeEnergyGap }) => Math.abs(freeEnergyGap ?? NaN)),
    ];
  });
  const figure = await smallMultiplesFigure({
    title: "Objectives and gauges from the same start",
    subtitle: subtitleOf(runs),
    columns: 2,
    panels,
  });
  writeFigure(folder, "gauges", figure, gaugesCsv(runs));
}

/** What all runs have in common, of what the figure does not show otherwise. */
function subtitleOf(runs: readonly MeasuredRun[]): string {
  const parts = [
    shared(runs, ({ summary }) => `${summary["lattice"].replace("x", "×")} torus`),
    shared(runs, (run) => `${hiddenUnits(run)} hidden units`),
    shared(runs, ({ config }) =>
      config.training.estimator === "exact" ? "exact gradients" : "sampled gradients",
    ),
  ];
  return parts.filter((part) => part !== null).join(", ");
}

function epochLabel(runs: readonly MeasuredRun[]): string {
  const updates = shared(runs, (run) =>
    Math.ceil(summaryNumber(run, "samples") / run.config.training.batchSize),
  );
  return updates === null || Number.isNaN(updates)
    ? "epoch"
    : `epoch (${updates} ${updates === 1 ? "update" : "updates"})`;
}

/** What is the same for all runs; null if it is not. */
function shared<T>(runs: readonly MeasuredRun[], of: (run: MeasuredRun) => T): T | null {
  const [first, ...others] = new Set(runs.map(of));
  return others.length === 0 ? first : null;
}

function gaugesCsv(runs: readonly MeasuredRun[]): string {
  return formatCsv(
    [
      "objective",
      "gauge",
      "coupling",
      "hidden",
      "epoch",
      "kl_per_spin",
      "reverse_kl",
      "variance_d_data",
      "free_energy_gap",
      "squared_norm",
    ],
    runs.flatMap((run) =>
      run.metrics.map((row) => [
        run.config.training.objective,
        run.config.training.objective === "free-energy" ? run.config.training.gauge : null,
        summaryNumber(run, "coupling"),
        hiddenUnits(run),
        row.epoch,
        row.klPerSpin,
        reverseDivergence(row),
        row.varianceDData,
        row.freeEnergyGap,
        row.squaredNorm,
      ]),
    ),
  );
}

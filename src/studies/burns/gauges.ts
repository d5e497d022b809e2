import { formatCsv } from "../../io/index.js";
import { smallMultiplesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import type { Claim } from "../study.js";
import { type MeasuredRun, short } from "./final-metrics.js";

/** How much more KL than the objective `kl` another one may end with to have reached it; or this many nats, if more. */
const REACHED = 1.05;
const NEGLIGIBLE_KL = 1e-4;

function label({ config: { training, hidden } }: MeasuredRun): string {
  return `${training.objective === "free-energy" ? `gauge ${training.gauge}` : training.objective}, m = ${hidden[0]}`;
}

/** (c) The gauges, `trace` and `kl` from the same start: KL and gap against epochs, and where they end. */
export async function concludeGauges(
  runs: readonly MeasuredRun[],
  folder: string,
): Promise<readonly Claim[]> {
  const sizes = [...new Set(runs.map(({ config }) => config.hidden[0]))];
  const panels = sizes.flatMap((hidden) => {
    const own = runs.filter(({ config }) => config.hidden[0] === hidden);
    const panel = (title: string, yLabel: string, value: (row: MeasuredRun["final"]) => number | null) => ({
      title,
      xLabel: "epoch (10 updates)",
      yLabel,
      logY: true,
      series: own.map((run) => ({
        name: label(run).split(",")[0],
        x: run.metrics.map(({ epoch }) => epoch),
        y: run.metrics.map((row) => value(row) ?? NaN),
      })),
    });
    return [
      panel(`Divergence, m = ${hidden}`, "KL per spin (nats)", ({ klPerSpin }) => klPerSpin),
      panel(`Gap, m = ${hidden}`, "|F − F_λ| (nats)", ({ freeEnergyGap }) => Math.abs(freeEnergyGap ?? NaN)),
    ];
  });
  const figure = await smallMultiplesFigure({
    title: "Objectives and gauges from the same start",
    subtitle: "4×4 torus at K_c, exact gradients",
    columns: 2,
    panels,
  });
  const csv = formatCsv(
    ["objective", "gauge", "hidden", "epoch", "kl_per_spin", "free_energy_gap", "squared_norm"],
    runs.flatMap(({ config: { training: t, hidden }, metrics }) =>
      metrics.map((row) => [
        t.objective,
        t.objective === "free-energy" ? t.gauge : null,
        hidden[0],
        row.epoch,
        row.klPerSpin,
        row.freeEnergyGap,
        row.squaredNorm,
      ]),
    ),
  );
  writeFigure(folder, "gauges", figure, csv);
  return judge(runs);
}

function judge(runs: readonly MeasuredRun[]): readonly Claim[] {
  const end = ({ final }: MeasuredRun): number => final.klPerSpin!;
  const of = (hidden: number, wanted: string): MeasuredRun | undefined =>
    runs.find((run) => run.config.hidden[0] === hidden && label(run).startsWith(`${wanted},`));
  const sizes = [...new Set(runs.map(({ config }) => config.hidden[0]))];
  const compared = sizes.flatMap((hidden) => {
    const best = of(hidden, "kl");
    if (best === undefined) return [];
    return ["gauge data", "trace"].flatMap((name) => {
      const run = of(hidden, name);
      return run === undefined ? [] : [{ name, hidden, kl: end(run), best: end(best) }];
    });
  });
  const literal = runs.filter((run) => label(run).startsWith("gauge literal"));
  return [
    {
      claim:
        "the gauges `data` and `trace` reach the KL of the objective `kl` (within 5 %, or 0.0001 nats per spin)",
      measured: compared
        .map(
          ({ name, hidden, kl, best }) =>
            `${name}, m = ${hidden}: ${short(kl)} against ${short(best)} nats per spin`,
        )
        .join("; "),
      verdict: compared.every(({ kl, best }) => kl <= REACHED * best + NEGLIGIBLE_KL) ? "yes" : "no",
    },
    {
      claim: "closing the literal gap makes the model the data's distribution",
      measured: literal
        .map(
          (run) =>
            `m = ${run.config.hidden[0]}: gap ${short(run.final.freeEnergyGap)} nats, KL ${short(run.final.klPerSpin)} nats per spin`,
        )
        .join("; "),
      verdict: literal.some(({ final }) => Math.abs(final.freeEnergyGap!) < 0.5 && final.klPerSpin! > 0.01)
        ? "no"
        : "undecided",
    },
  ];
}

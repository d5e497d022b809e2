import { join } from "node:path";
import { parseCsv, readText } from "../../io/index.js";
import { copyFigure } from "../copy-figure.js";
import { type Claim, summaryNumber } from "../study.js";
import { measured, type MeasuredRun, short } from "./final-metrics.js";
import { atMost, given, type Holds, verdictOf } from "./verdicts.js";

/** A gap of at most so many nats is closed. */
const CLOSED = 0.5;

/** Two divergences differ where their difference exceeds so many of its standard deviations. */
const SIGMAS = 3;

/** What `evaluate` found of a model. NaN where it found nothing. */
export interface EvaluatedModel {
  readonly gap: number;
  readonly gapError: number;
  readonly klPerSpin: number;
  readonly klPerSpinError: number;
  readonly energy: number;
  readonly energyReference: number;
  readonly xi: number;
  readonly xiReference: number;
  /** Why ln Z_λ, and with it gap and KL, are not to be trusted; null if they are. */
  readonly doubt: string | null;
}

/** (e) The setting of Mehta and Schwab: what each objective makes of 40×40 spins and 400 hidden units. */
export function concludeLarge(
  literal: MeasuredRun | undefined,
  kl: MeasuredRun | undefined,
  folder: string,
): readonly Claim[] {
  if (literal === undefined || kl === undefined) return [];
  copyFigure(literal, folder, "correlations", "correlations-literal");
  copyFigure(kl, folder, "correlations", "correlations-kl");
  return judgeLarge(evaluatedModel(literal), evaluatedModel(kl));
}

/** What the two models say; undecided where a number is missing, doubtful, or too uncertain. */
export function judgeLarge(literal: EvaluatedModel, kl: EvaluatedModel): readonly Claim[] {
  const setting = "at 40×40, K = 0.408, 400 hidden units";
  return [
    {
      claim: `${setting}, training on the literal free energy closes the gap (at most ${CLOSED} nats)`,
      measured: describe(literal),
      verdict: verdictOf([
        literal.doubt === null ? atMost(Math.abs(literal.gap), literal.gapError, CLOSED) : null,
      ]),
    },
    {
      claim: `${setting}, the model that matches the free energy is nearer to the data, by KL(P‖P_λ), than the one that minimises it`,
      measured: `literal: ${describe(literal)}. kl: ${describe(kl)}`,
      verdict: verdictOf([isNearer(literal, kl)]),
    },
  ];
}

function isNearer(one: EvaluatedModel, other: EvaluatedModel): Holds {
  if (one.doubt !== null || other.doubt !== null) return null;
  const numbers = [one.klPerSpin, one.klPerSpinError, other.klPerSpin, other.klPerSpinError] as const;
  return given(numbers, (a, aError, b, bError) => {
    const [difference, error] = [a - b, Math.sqrt(aError * aError + bError * bError)];
    return Math.abs(difference) <= SIGMAS * error ? null : difference < 0;
  });
}

function describe(model: EvaluatedModel): string {
  return (
    `F − F_λ = ${measured(model.gap, model.gapError)} nats, KL/n = ${measured(model.klPerSpin, model.klPerSpinError)}, ` +
    `energy ${short(model.energy)} (Ising ${short(model.energyReference)}), ` +
    `ξ ${short(model.xi)} (${short(model.xiReference)}) sites` +
    (model.doubt === null ? "" : `, doubtful: ${model.doubt}`)
  );
}

function evaluatedModel(run: MeasuredRun): EvaluatedModel {
  const number = (name: string): number => summaryNumber(run, `model_${name}`);
  return {
    gap: number("free_energy_gap"),
    gapError: number("free_energy_gap_error"),
    klPerSpin: number("kl_per_spin"),
    klPerSpinError: number("kl_per_spin_error"),
    energy: number("energy"),
    energyReference: number("energy_reference"),
    xi: number("xi"),
    xiReference: number("xi_reference"),
    doubt: doubtOf(run),
  };
}

/** What evaluation.csv remarks on the estimate of ln Z_λ that it has chosen. */
function doubtOf({ folder }: MeasuredRun): string | null {
  const path = join(folder, "evaluation.csv");
  const { rows } = parseCsv(readText(path), path);
  const remarkOf = (quantity: string): string | undefined =>
    rows.find((row) => row["quantity"] === quantity)?.["remark"];
  const chosen = remarkOf("log_partition");
  if (chosen === undefined) return "ln Z_λ has not been estimated";
  const remark = remarkOf(`log_partition_${chosen.replaceAll("-", "_")}`);
  return remark === "" ? null : (remark ?? `no estimate by ${chosen}`);
}

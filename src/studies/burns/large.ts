import { copyFigure } from "../copy-figure.js";
import { type Claim, summaryNumber } from "../study.js";
import { type MeasuredRun, short } from "./final-metrics.js";

/** A gap of at most so many nats, or of three of its errors, is closed. */
const CLOSED = 0.5;

/** (e) The setting of Mehta and Schwab: what each objective makes of 40×40 spins and 400 hidden units. */
export function concludeLarge(
  literal: MeasuredRun | undefined,
  kl: MeasuredRun | undefined,
  folder: string,
): readonly Claim[] {
  if (literal === undefined || kl === undefined) return [];
  copyFigure(literal, folder, "correlations", "correlations-literal");
  copyFigure(kl, folder, "correlations", "correlations-kl");
  const said = (run: MeasuredRun): string => {
    const number = (name: string): number => summaryNumber(run, `model_${name}`);
    return (
      `F − F_λ = ${short(number("free_energy_gap"))} ± ${short(number("free_energy_gap_error"))} nats, KL/n = ` +
      `${short(number("kl_per_spin"))} ± ${short(number("kl_per_spin_error"))}, energy ${short(number("energy"))} ` +
      `(Ising ${short(number("energy_reference"))}), ξ ${short(number("xi"))} (${short(number("xi_reference"))}) sites`
    );
  };
  const gap = Math.abs(summaryNumber(literal, "model_free_energy_gap"));
  const error = summaryNumber(literal, "model_free_energy_gap_error");
  const better = summaryNumber(kl, "model_kl_per_spin") < summaryNumber(literal, "model_kl_per_spin");
  return [
    {
      claim: "at 40×40, K = 0.408, 400 hidden units, training on the literal free energy closes the gap",
      measured: said(literal),
      verdict: gap <= Math.max(CLOSED, 3 * error) ? "yes" : "no",
    },
    {
      claim:
        "there, the model that matches the free energy is nearer to the data than the one that minimises KL",
      measured: `literal: ${said(literal)}. kl: ${said(kl)}`,
      verdict: better ? "no" : "yes",
    },
  ];
}

import { exponentOfMomenta } from "../../analysis/pca/analysis.js";
import { type FourierSpectrum, fourierSpectrum } from "../../analysis/pca/fourier-spectrum.js";
import { bitObservations } from "../../analysis/pca/observations.js";
import type { SpectralExponent } from "../../analysis/pca/spectral-exponent.js";
import { formatCsv } from "../../io/index.js";
import { exp, log } from "../../kernels/elementary.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { curvesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import { datasetOf } from "../run-dataset.js";
import { short } from "../number-text.js";
import type { Claim, StudyRun } from "../study.js";
import { average, decide, withError, within } from "../verdicts.js";

/** 1/α = (2 − η)/d of the 2D Ising model at T_c: S(k) ∝ k^{−7/4}. */
export const CRITICAL_INVERSE_ALPHA = 7 / 8;

/** Groups of rows for the error. */
const GROUPS = 32;

/** Momenta with one magnitude, and the mean of S over them. */
interface Shell {
  readonly magnitude: number;
  readonly structure: number;
  readonly modes: number;
}

/** (b) The spectrum of a critical Ising model by plane waves, its exponent, and where the quartic coupling is relevant. */
export async function concludeSpectrum(
  run: StudyRun | undefined,
  folder: string,
  key: SeedKey,
): Promise<readonly Claim[]> {
  if (run === undefined) return [exponentClaim(null), relevanceClaim(null)];
  const { rows, lattice } = datasetOf(run);
  const means = new Float64Array(rows.columns);
  const spectrum = fourierSpectrum(bitObservations(rows), means, lattice!.shape, GROUPS);
  const exponent = exponentOfMomenta(spectrum, deriveKey(key, "analysis", 0));
  await drawSpectrum(shellsOf(spectrum), exponent, lattice!.shape, folder);
  return [exponentClaim(exponent), relevanceClaim(exponent)];
}

function exponentClaim(exponent: SpectralExponent | null): Claim {
  const measured = { value: exponent?.inverseAlpha ?? NaN, error: exponent?.standardError ?? NaN };
  return {
    claim: "at T_c the variance of a mode falls like rank^(−1/α) with 1/α = 7/8 (within 0.05)",
    measured:
      exponent === null
        ? "not sampled at this scale"
        : `1/α = ${withError(measured)} from S(k), k̂ = ${exponent.range.map(short).join(" … ")}, ${exponent.points} modes; halves ${exponent.halves.map(short).join(" and ")}`,
    verdict: within(measured, CRITICAL_INVERSE_ALPHA, 0.05),
  };
}

/** Liu eq. 22: g̃* ∝ α − 2; the coupling grows where α < 2. */
function relevanceClaim(exponent: SpectralExponent | null): Claim {
  const [lower, upper] = exponent?.interval ?? [NaN, NaN];
  return {
    claim:
      "by α alone the quartic coupling is relevant at T_c (α < 2), and g̃* = (2/α − 1)/36 is a fixed point of its own",
    measured:
      exponent === null
        ? "not sampled at this scale"
        : `α = ${short(exponent.alpha)}, interval ${short(1 / upper)} … ${short(1 / lower)}; g̃* = ${short((2 * exponent.inverseAlpha - 1) / 36)}`,
    verdict: upper < 0.5 ? "no" : decide(lower > 0.5, lower, upper),
  };
}

/** Momenta of one magnitude, which the symmetries of the lattice exchange, averaged; k = 0 is left out. */
function shellsOf({ magnitudes, structure }: FourierSpectrum): readonly Shell[] {
  const shells = new Map<string, number[]>();
  magnitudes.forEach((magnitude, mode) => {
    if (magnitude > 0) shells.set(magnitude.toFixed(9), [...(shells.get(magnitude.toFixed(9)) ?? []), mode]);
  });
  return [...shells.values()]
    .map((modes) => ({
      magnitude: magnitudes[modes[0]],
      structure: average(modes.map((mode) => structure[mode])),
      modes: modes.length,
    }))
    .sort((a, b) => a.magnitude - b.magnitude);
}

async function drawSpectrum(
  shells: readonly Shell[],
  { inverseAlpha, range }: SpectralExponent,
  shape: readonly number[],
  folder: string,
): Promise<void> {
  const inside = shells.filter(({ magnitude }) => magnitude >= range[0] && magnitude <= range[1]);
  // Through the middle of the fitted range.
  const height = average(
    inside.map(({ magnitude, structure }) => log(structure) + 2 * CRITICAL_INVERSE_ALPHA * log(magnitude)),
  );
  const figure = await curvesFigure({
    title: "Spectrum of the critical Ising model",
    subtitle: `lattice ${shape.join("×")}; fitted between the lines: S ∝ k^−${short(inverseAlpha * shape.length)}`,
    xLabel: "momentum k̂ (1/lattice spacing)",
    yLabel: "structure factor S(k)",
    logX: true,
    logY: true,
    series: [
      {
        name: "sampled",
        x: shells.map(({ magnitude }) => magnitude),
        y: shells.map(({ structure }) => structure),
      },
      {
        name: "k^(−7/4)",
        x: shells.map(({ magnitude }) => magnitude),
        y: shells.map(({ magnitude }) => exp(height - 2 * CRITICAL_INVERSE_ALPHA * log(magnitude))),
      },
    ],
    referenceLines: range.map((value) => ({ axis: "x" as const, value, label: short(value) })),
  });
  const csv = formatCsv(
    ["k_hat", "structure", "modes"],
    shells.map(({ magnitude, structure, modes }) => [magnitude, structure, modes]),
  );
  writeFigure(folder, "critical-spectrum", figure, csv);
}

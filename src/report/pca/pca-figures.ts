import { type PcaAnalysis, preferredExponent } from "../../analysis/pca/analysis.js";
import { type CouplingRung, reducedFixedPoint } from "../../analysis/pca/coupling-flow.js";
import type { ModeComparison } from "../../analysis/pca/linear-theory.js";
import type { KeptEnd } from "../../analysis/pca/mode-moments.js";
import { GAUSSIAN } from "../../analysis/pca/moment-flow.js";
import {
  curvesFigure,
  type Figure,
  mosaicFigure,
  type Series,
  smallMultiplesFigure,
} from "../figures/index.js";
import { MODES_WRITTEN } from "./pca-tables.js";

/** Points of one curve; spectra of thousands of modes are thinned to about as many, evenly in ln rank. */
const MOST_POINTS = 200;

/** Eigenvalue against rank, with the noise band and, on a lattice, the translation-averaged spectrum in order. */
export function spectrumFigure(analysis: PcaAnalysis, title: string): Promise<Figure> {
  const { eigen, noise, fourier, rankExponent, fourierExponent } = analysis;
  const series = [rankedSeries("principal components", eigen.values)];
  if (fourier !== null) series.push(rankedSeries("plane waves", fourier.structure.toSorted().reverse()));
  const exponents = [`1/α = ${short(rankExponent.inverseAlpha)} from the ranks`];
  if (fourierExponent !== null) exponents.push(`${short(fourierExponent.inverseAlpha)} from S(k)`);
  const edges = [noise.lower, noise.upper].filter((edge) => edge > 0);
  return curvesFigure({
    title,
    subtitle: `${exponents.join(", ")}; grey: band of as many independent units (Marchenko–Pastur)`,
    xLabel: "rank of the mode",
    yLabel: "variance of the mode",
    logX: true,
    logY: true,
    series,
    referenceLines: edges.map((value) => ({ axis: "y" as const, value, label: "noise" })),
  });
}

function rankedSeries(name: string, values: Float64Array): Series {
  const ranks = thinnedRanks(values.length);
  return { name, x: ranks, y: ranks.map((rank) => values[rank - 1]) };
}

/** 1, 2, 3, … as long as they are few, then at a constant ratio. */
function thinnedRanks(count: number): number[] {
  const ranks: number[] = [];
  for (let rank = 1; rank <= count; rank = Math.max(rank + 1, Math.round(rank * (1 + 8 / MOST_POINTS)))) {
    ranks.push(rank);
  }
  return ranks;
}

/** S(k) against k̂; only for data on a lattice. */
export function structureFigure({ fourier, fourierExponent }: PcaAnalysis, title: string): Promise<Figure> {
  const { magnitudes, structure, shape } = fourier!;
  const order = Array.from(magnitudes.keys())
    .filter((mode) => magnitudes[mode] > 0)
    .sort((a, b) => magnitudes[a] - magnitudes[b]);
  const shells = thinnedRanks(order.length).map((rank) => order[rank - 1]);
  const { inverseAlpha, range } = fourierExponent!;
  const fitted = Number.isFinite(inverseAlpha)
    ? `; fitted from ${short(range[0])} to ${short(range[1])}: S ∝ k^−${short(inverseAlpha * shape.length)}`
    : "";
  return curvesFigure({
    title,
    subtitle: `lattice ${shape.join("×")}${fitted}`,
    xLabel: "momentum k̂ (1/lattice spacing)",
    yLabel: "structure factor S(k)",
    logX: true,
    logY: true,
    series: [
      { name: "", x: shells.map((mode) => magnitudes[mode]), y: shells.map((mode) => structure[mode]) },
    ],
  });
}

/** Fourth moments against the fraction of modes kept, from either end. */
export function fourthMomentsFigure({ momentFlow, verdict }: PcaAnalysis, title: string): Promise<Figure> {
  const panel = (end: KeptEnd, heading: string) => {
    const rungs = momentFlow.filter((rung) => rung.end === end);
    const x = rungs.map(({ fraction }) => fraction);
    const curve = (name: string, y: readonly number[], error?: readonly number[]): Series =>
      error === undefined ? { name, x, y } : { name, x, y, error };
    return {
      title: heading,
      xLabel: "fraction of modes kept",
      yLabel: "⟨φ⁴⟩/⟨φ²⟩²",
      logX: true,
      series: [
        curve(
          "median",
          rungs.map(({ median }) => median),
          rungs.map(({ standardError }) => 1.96 * standardError),
        ),
        curve(
          "lower quartile",
          rungs.map(({ lowerQuartile }) => lowerQuartile),
        ),
        curve(
          "upper quartile",
          rungs.map(({ upperQuartile }) => upperQuartile),
        ),
        curve(
          "independent units",
          rungs.map(({ independent }) => independent),
        ),
      ],
      referenceLines: [{ axis: "y" as const, value: GAUSSIAN, label: "3" }],
    };
  };
  return smallMultiplesFigure({
    title,
    subtitle: `${verdict.kind}: ${verdict.reason}`,
    panels: [
      panel("largest", "Modes of large variance kept"),
      panel("smallest", "Modes of small variance kept"),
    ],
    columns: 2,
  });
}

/** The quartic coupling as modes are removed, beside the recursion, and how small one loop is. */
export function couplingFigure(analysis: PcaAnalysis, title: string): Promise<Figure> {
  const { couplingFlow } = analysis;
  const { alpha } = preferredExponent(analysis);
  const fixedPoint = reducedFixedPoint(alpha);
  const common = { xLabel: "fraction of modes kept", logX: true, logY: true };
  const curve = (name: string, value: (rung: CouplingRung) => number): Series => ({
    name,
    x: couplingFlow.map(({ fraction }) => fraction),
    y: couplingFlow.map(value),
  });
  return smallMultiplesFigure({
    title,
    subtitle:
      "g from the quartic cumulants of the units; the recursion is g → g − B g², from the coupling of all modes on; " +
      `g̃* = (2/α − 1)/36 = ${short(fixedPoint)} is its fixed point for α = ${short(alpha)}`,
    panels: [
      {
        ...common,
        title: "Quartic coupling",
        yLabel: "g",
        series: [
          curve("measured", ({ coupling }) => coupling),
          curve("recursion", ({ recursion }) => recursion),
        ],
      },
      {
        ...common,
        title: "In units of the last mode kept",
        yLabel: "g̃ = g f C_f²",
        series: [
          curve("measured", ({ reduced }) => reduced),
          curve("recursion", ({ recursionReduced }) => recursionReduced),
        ],
        referenceLines: fixedPoint > 0 ? [{ axis: "y", value: fixedPoint, label: "g̃*" }] : [],
      },
      {
        ...common,
        title: "One loop of the kept modes",
        yLabel: "36 g Σ C²/N (share of g)",
        series: [curve("measured", ({ loopSize }) => loopSize)],
        referenceLines: [{ axis: "y", value: 1, label: "1" }],
      },
    ],
  });
}

/** The leading principal components on the lattice; only where every site is a unit. */
export function modesFigure(
  { eigen }: PcaAnalysis,
  shape: readonly number[],
  title: string,
): Promise<Figure> {
  const units = Math.min(MODES_WRITTEN, eigen.size);
  return mosaicFigure({
    title,
    subtitle: `the ${units} principal components of the largest variance, in order`,
    fields: eigen.vectors.subarray(0, units * eigen.size),
    units,
    shape,
    labels: Array.from({ length: units }, (_, k) => `${k + 1}`),
    colorLabel: "component of the unit vector",
  });
}

/** w² along the principal components beside linear theory, and how far the weights' singular vectors span them. */
export function comparisonFigure(modes: readonly ModeComparison[], title: string): Promise<Figure> {
  const ranks = thinnedRanks(modes.length);
  const curve = (name: string, value: (mode: ModeComparison) => number): Series => ({
    name,
    x: ranks,
    y: ranks.map((rank) => value(modes[rank - 1])),
  });
  const common = { xLabel: "rank of the mode", logX: true };
  return smallMultiplesFigure({
    title,
    subtitle: "linear theory: W Wᵀ = 1 − C⁻¹ on the leading modes with variance above 1",
    columns: 2,
    panels: [
      {
        ...common,
        title: "Squared weight",
        yLabel: "w²",
        series: [
          curve("linear theory", ({ predicted }) => predicted),
          curve("along principal components", ({ along }) => along),
          curve("singular values of W", ({ singular }) => singular),
        ],
      },
      {
        ...common,
        title: "Principal components in the span of W",
        yLabel: "share",
        series: [
          curve("same rank", ({ overlap }) => overlap),
          curve("leading singular vectors", ({ captured }) => captured),
        ],
      },
    ],
  });
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

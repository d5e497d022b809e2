import type { FisherSpectrum } from "../../analysis/fisher/analysis.js";
import type { FisherKind } from "../../analysis/fisher/states.js";
import { type Figure, mosaicFigure, type Series, smallMultiplesFigure } from "../figures/index.js";
import { type LayerFisher, spectraOf } from "./fisher-tables.js";

/** Below this share of the largest eigenvalue there is only rounding to draw. */
const ROUNDING = 1e-10;

/** Eigenvalue against rank of every run; with one run, beside half of its samples. A straight line is sloppy. */
export function spectraFigure(layers: readonly LayerFisher[]): Promise<Figure> {
  const panel = (kind: FisherKind, title: string) => ({
    title,
    xLabel: "rank",
    yLabel: "eigenvalue λ",
    logY: true,
    series: layers.flatMap((layer) => curvesOf(layer.spectra[kind], layer.run, layers.length === 1)),
  });
  return smallMultiplesFigure({
    title: "Spectra of the Fisher matrix",
    subtitle: "eigenvalues uniform in ln λ, as in sloppy models, lie on a straight line",
    panels: [panel("marginal", "Visible units alone"), panel("joint", "Visible and hidden units")],
    columns: 2,
  });
}

function curvesOf({ eigenvalues, halved }: FisherSpectrum, run: string, alone: boolean): Series[] {
  const curve = (name: string, values: Float64Array): Series => {
    const shown = values.filter((value) => value > ROUNDING * values[0]);
    return { name, x: Array.from(shown, (_, k) => k + 1), y: shown };
  };
  if (!alone) return [curve(run, eigenvalues)];
  return halved === null
    ? [curve("exact", eigenvalues)]
    : [curve("all samples", eigenvalues), curve("half of them", halved)];
}

/** Effective dimension against what differs between the runs, temperature or epochs; null if neither does. */
export function dimensionFigure(layers: readonly LayerFisher[]): Promise<Figure> | null {
  const abscissae = [
    { label: "temperature T (J/k_B)", value: ({ temperature }: LayerFisher) => temperature ?? NaN },
    { label: "epochs of training", value: ({ epochs }: LayerFisher) => epochs },
  ].filter(({ value }) => new Set(layers.map(value).filter(Number.isFinite)).size > 1);
  if (abscissae.length === 0) return null;
  return smallMultiplesFigure({
    title: "Effective dimension of parameter space",
    subtitle: "(Tr F)²/Tr F², without the bias of the finite number of samples",
    panels: abscissae.map(({ label, value }) => {
      const ordered = layers.toSorted((a, b) => value(a) - value(b));
      return {
        title: `Against ${label.split(" ")[0]}`,
        xLabel: label,
        yLabel: "effective dimension",
        logY: true,
        series: (["marginal", "joint"] as const).map((kind) => ({
          name: kind,
          x: ordered.map(value),
          y: ordered.map(({ spectra }) => spectra[kind].dimension.unbiased),
        })),
      };
    }),
  });
}

/** The visible patterns of the stiffest directions of one distribution, on the lattice. */
export function directionsFigure(layer: LayerFisher, { kind, directions }: FisherSpectrum): Promise<Figure> {
  const { visible, shape, run } = layer;
  const fields = new Float64Array(directions.length * visible);
  directions.forEach(({ visiblePattern }, k) => {
    fields.set(visiblePattern, k * visible);
  });
  const share = (k: number): string => `${Math.round(100 * directions[k].patternShare)} %`;
  return mosaicFigure({
    title: `Stiffest directions of ${run}, ${kind} distribution`,
    subtitle:
      "leading left singular vector of the change of W in each direction; above each its share of that change " +
      `(λ = ${directions.map(({ eigenvalue }) => String(Number(eigenvalue.toPrecision(3)))).join(", ")})`,
    fields,
    units: directions.length,
    shape: shape ?? [visible],
    labels: directions.map((_, k) => share(k)),
    colorLabel: "component of the unit vector",
  });
}

/** Spectra of a layer that have directions to draw. */
export function drawnSpectra(layer: LayerFisher): readonly FisherSpectrum[] {
  return spectraOf(layer).filter(({ directions }) => directions.length > 0);
}

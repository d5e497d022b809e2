import { formatCsv } from "../../io/index.js";
import { CRITICAL_COUPLING } from "../../ising/model.js";
import { curvesFigure, type Figure } from "../../report/figures/index.js";
import { mean, variance } from "../../statistics/index.js";
import { hasSize, type SizePoint } from "./points.js";

/** The runs with one temperature and compression, their seeds taken together. */
export interface SizeMean {
  readonly temperature: number;
  readonly xi: number;
  readonly alpha: number;
  readonly runs: number;
  /** Mean over the seeds of the median radius of the cores, in sites, and its standard error; NaN of one run. */
  readonly radius: number;
  readonly error: number;
}

/** The means over seeds of the runs whose fields have a size, by α, then T. */
export function sizeMeans(points: readonly SizePoint[]): readonly SizeMean[] {
  const groups = new Map<string, SizePoint[]>();
  for (const point of points.filter(hasSize)) {
    const key = `${point.alpha} ${point.temperature}`;
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  return [...groups.values()]
    .map((group) => {
      const radii = group.map(({ radius }) => radius);
      const [{ temperature, xi, alpha }] = group;
      const error = radii.length < 2 ? NaN : Math.sqrt(variance(radii) / radii.length);
      return { temperature, xi, alpha, runs: group.length, radius: mean(radii), error };
    })
    .sort((a, b) => a.alpha - b.alpha || a.temperature - b.temperature);
}

export function sizeMeansCsv(means: readonly SizeMean[]): string {
  return formatCsv(
    ["temperature", "xi", "alpha", "runs", "core_radius", "core_radius_error"],
    means.map(({ temperature, xi, alpha, runs, radius, error }) => [
      temperature,
      xi,
      alpha,
      runs,
      radius,
      error,
    ]),
  );
}

/** `1/16` for 0.0625; a decimal where it is not one over a whole number. */
function alphaText(alpha: number): string {
  return Number.isInteger(1 / alpha) ? `1/${1 / alpha}` : String(Number(alpha.toPrecision(3)));
}

function ofAlphas<T>(means: readonly SizeMean[], make: (name: string, own: readonly SizeMean[]) => T): T[] {
  const alphas = [...new Set(means.map(({ alpha }) => alpha))];
  return alphas.map((alpha) =>
    make(
      `α = ${alphaText(alpha)}`,
      means.filter((each) => each.alpha === alpha),
    ),
  );
}

/** Size against temperature, with ξ(T). */
export function sizeFigure(means: readonly SizeMean[], subtitle: string): Promise<Figure> {
  const lengths = new Map(means.map(({ temperature, xi }) => [temperature, xi]));
  const temperatures = [...lengths.keys()].sort((a, b) => a - b);
  return curvesFigure({
    title: "Size of the receptive fields against temperature",
    subtitle,
    xLabel: "temperature T (J/k_B)",
    yLabel: "length (sites)",
    logY: true,
    referenceLines: [{ axis: "x", value: 1 / CRITICAL_COUPLING, label: "T_c" }],
    series: [
      ...ofAlphas(means, (name, own) => ({
        name,
        x: own.map(({ temperature }) => temperature),
        y: own.map(({ radius }) => radius),
        error: own.map(({ error }) => error),
      })),
      { name: "ξ(T), exact", x: temperatures, y: temperatures.map((t) => lengths.get(t)!), dash: [1, 3] },
    ],
  });
}

/** R√α against ξ√α: one curve if R is a length of the block times a function of ξ over it; flat for block spins. */
export function collapseFigure(means: readonly SizeMean[], subtitle: string): Promise<Figure> {
  return curvesFigure({
    title: "Both lengths in units of a block",
    subtitle,
    xLabel: "ξ √α",
    yLabel: "R √α",
    logX: true,
    logY: true,
    series: ofAlphas(means, (name, own) => {
      const ordered = [...own].sort((a, b) => a.xi - b.xi);
      return {
        name,
        x: ordered.map(({ xi, alpha }) => xi * Math.sqrt(alpha)),
        y: ordered.map(({ radius, alpha }) => radius * Math.sqrt(alpha)),
        error: ordered.map(({ error, alpha }) => error * Math.sqrt(alpha)),
      };
    }),
  });
}

import { formatCsv } from "../../io/index.js";
import { type Series, smallMultiplesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import { familyName, type Family, NEAR, type Point } from "./families.js";

/** Stroke of what is predicted. */
const THIN = [2, 3] as const;

/** What literal training ends with against K for the first lattice, and what is predicted of it where it is; CSV for all. */
export async function drawReachability(families: readonly Family[], folder: string): Promise<void> {
  const [{ latticeName }] = families;
  const drawn = families.filter((family) => family.latticeName === latticeName);
  const referenceLines = drawn.map(({ predicted, hidden }) => ({
    axis: "x" as const,
    value: predicted,
    label: `m = ${hidden}`,
  }));
  const panel = (title: string, yLabel: string, value: (point: Point) => number | null, theory: Series) => ({
    title,
    xLabel: "coupling K",
    yLabel,
    series: [...drawn.map((family) => measured(family, value)), theory],
    referenceLines,
  });
  const figure = await smallMultiplesFigure({
    title: "The literal free-energy objective: what it reaches",
    subtitle: `${latticeName.replace("x", "×")} torus, exact gradients. Vertical lines: K* where ln Z = (n + m) ln 2`,
    panels: [
      panel("Free-energy gap", "F − F_λ (nats)", ({ gap }) => gap, gapsOfZero(drawn)),
      panel("Size of the parameters", "‖λ‖²", ({ squaredNorm }) => squaredNorm, normsNearThreshold(drawn)),
      panel("Divergence", "KL per spin (nats)", ({ klPerSpin }) => klPerSpin, divergenceOfZero(drawn)),
    ],
  });
  writeFigure(folder, "reachability", figure, reachabilityCsv(families));
}

function measured(family: Family, value: (point: Point) => number | null): Series {
  return {
    name: familyName(family),
    x: family.points.map(({ coupling }) => coupling),
    y: family.points.map((point) => value(point) ?? NaN),
  };
}

/** One line for each family, all under one name. */
function predictedSeries(
  name: string,
  lines: readonly (readonly (readonly [coupling: number, value: number])[])[],
): Series {
  const ends = [NaN, NaN] as const;
  const points = lines.flatMap((line) => [...line, ends]);
  return { name, x: points.map(([x]) => x), y: points.map(([, y]) => y), dash: THIN };
}

function gapsOfZero(families: readonly Family[]): Series {
  return predictedSeries(
    "predicted below K*: (n + m) ln 2 − ln Z",
    families.map(({ points, predicted }) => [
      ...points.filter(({ excess }) => excess < 0).map((p) => [p.coupling, -p.excess] as const),
      [predicted, 0],
    ]),
  );
}

function normsNearThreshold(families: readonly Family[]): Series {
  return predictedSeries(
    "near threshold: 2(ln Z − (n + m) ln 2)",
    families.map(({ points, predicted }) => [
      [predicted, 0],
      ...points
        .filter(({ excess }) => excess > 0 && excess < NEAR)
        .map((p) => [p.coupling, 2 * p.excess] as const),
    ]),
  );
}

/** The same line for all families, as far as the one with the largest K* follows it. */
function divergenceOfZero(families: readonly Family[]): Series {
  const last = families.reduce((a, b) => (a.predicted > b.predicted ? a : b));
  const below = last.points.filter(({ excess }) => excess < 0);
  return predictedSeries("zero RBM, below K*: ln 2 − s(K)", [
    below.map((p) => [p.coupling, p.klPerSpinOfZero] as const),
  ]);
}

function reachabilityCsv(families: readonly Family[]): string {
  return formatCsv(
    [
      "lattice",
      "hidden",
      "alpha",
      "coupling",
      "log_partition_excess",
      "free_energy_gap",
      "kl_per_spin",
      "kl_per_spin_error",
      "kl_per_spin_of_zero",
      "squared_norm",
      "squared_norm_near_threshold",
      "condition_rg",
    ],
    families.flatMap(({ latticeName, hidden, alpha, points }) =>
      points.map((p) => [
        latticeName,
        hidden,
        alpha,
        p.coupling,
        p.excess,
        p.gap,
        p.klPerSpin,
        p.klPerSpinError,
        p.klPerSpinOfZero,
        p.squaredNorm,
        p.excess > 0 && p.excess < NEAR ? 2 * p.excess : null,
        p.conditionRg,
      ]),
    ),
  );
}

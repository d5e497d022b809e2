import { formatCsv } from "../../io/index.js";
import { type Series, smallMultiplesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import type { Family } from "./families.js";
import { reachableCoupling } from "./threshold.js";

/** Points that a predicted line is drawn through, from α = 0 to a little beyond the last one found. */
const LINE_POINTS = 25;
const BEYOND = 1.15;

/** Half the width of the box that shows an error, as a share of the largest α. */
const BOX = 0.006;

/** The plane of α and K with the line K*(α) and where the transition was found, and how far that is off. */
export async function drawPhases(families: readonly Family[], folder: string): Promise<void> {
  const names = [...new Set(families.map(({ latticeName }) => latticeName))];
  const groups = names.map((name) => families.filter(({ latticeName }) => latticeName === name));
  const most = BEYOND * Math.max(...families.map(({ alpha }) => alpha));
  const figure = await smallMultiplesFigure({
    title: "Where the free energy of the data can be reached",
    subtitle:
      "Above the line F_λ = F has solutions, below it the zero RBM is the minimum. Found: where ‖λ‖² extrapolates to zero",
    columns: 2,
    panels: [
      {
        title: "Transition",
        xLabel: "compression α = m/n",
        yLabel: "coupling K",
        series: [...groups.map((group) => predictedLine(group, most)), ...groups.map(foundPoints)],
      },
      {
        title: "Found against predicted",
        xLabel: "compression α = m/n",
        yLabel: "K found/K* − 1 (%)",
        series: groups.map((group) => deviations(group, BOX * most)),
        referenceLines: [{ axis: "y", value: 0 }],
      },
    ],
  });
  writeFigure(folder, "phases", figure, phasesCsv(families));
}

function written([{ latticeName }]: readonly Family[]): string {
  return latticeName.replace("x", "×");
}

function predictedLine(group: readonly Family[], most: number): Series {
  const [{ lattice }] = group;
  const alphas = Array.from({ length: LINE_POINTS }, (_, k) => (k * most) / (LINE_POINTS - 1));
  return {
    name: `predicted K*(α), ${written(group)}`,
    x: alphas,
    y: alphas.map((alpha) => reachableCoupling(lattice, alpha * lattice.sites)),
  };
}

/** Markers that no line joins; their errors are too small to be seen here. */
function foundPoints(group: readonly Family[]): Series {
  return {
    ...foundStyle(group),
    x: group.flatMap(({ alpha }) => [alpha, NaN]),
    y: group.flatMap(({ found }) => [found?.coupling ?? NaN, NaN]),
  };
}

/** The same in percent, each with its error as a narrow box around it. */
function deviations(group: readonly Family[], halfWidth: number): Series {
  const off = ({ found, predicted }: Family): number => 100 * ((found?.coupling ?? NaN) / predicted - 1);
  const error = ({ found, predicted }: Family): number => (100 * (found?.error ?? NaN)) / predicted;
  return {
    ...foundStyle(group),
    x: group.flatMap(({ alpha }) => [alpha - halfWidth, alpha + halfWidth, NaN]),
    y: group.flatMap((family) => [off(family), off(family), NaN]),
    error: group.flatMap((family) => [error(family), error(family), NaN]),
  };
}

function foundStyle(group: readonly Family[]): Pick<Series, "name" | "dash"> {
  return { name: `found by training, ${written(group)}`, dash: [0, 1000] };
}

function phasesCsv(families: readonly Family[]): string {
  return formatCsv(
    [
      "lattice",
      "hidden",
      "alpha",
      "predicted_coupling",
      "found",
      "found_error",
      "last_collapsed",
      "first_grown",
    ],
    families.map(({ latticeName, hidden, alpha, predicted, found }) => [
      latticeName,
      hidden,
      alpha,
      predicted,
      found?.coupling,
      found?.error,
      found?.lastCollapsed,
      found?.firstGrown,
    ]),
  );
}

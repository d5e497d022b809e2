import { type Figure, type ReferenceLine, type Series, smallMultiplesFigure } from "../figures/index.js";
import type { CouplingMethod, CouplingRow, Side } from "./measure-couplings.js";

/** How a method is named in legends. */
const methodNames: Readonly<Record<CouplingMethod, string>> = {
  expansion: "expansion, all configurations alike",
  projection: "projection on the data",
  "pseudo-likelihood": "pseudo-likelihood of h",
};

/** Whether there are pairs with a distance to draw. */
export function hasDistances(rows: readonly CouplingRow[]): boolean {
  return rows.some(isPlacedPair);
}

/** J against distance for both sides; bands are the spread over the pairs (expansion) or one standard deviation. */
export function couplingsFigure(
  rows: readonly CouplingRow[],
  name: string,
  coupling: number | null,
): Promise<Figure> {
  const sides = (["visible", "hidden"] as const).filter((side) => hasDistances(ofSide(rows, side)));
  return smallMultiplesFigure({
    title: "Effective couplings",
    subtitle: `${name}: mean over the pairs at each distance; bands: their spread (expansion), one standard deviation (others)`,
    columns: 2,
    panels: sides.map((side) => ({
      title:
        side === "visible"
          ? "Visible spins, −H_λ(v)"
          : "Hidden spins, −H′(h), by the centres of their fields",
      xLabel: "distance r (sites)",
      yLabel: "coupling J(r) (dimensionless)",
      series: (Object.keys(methodNames) as CouplingMethod[])
        .map((method) => curve(ofSide(rows, side), method))
        .filter(({ x }) => x.length > 0),
      referenceLines: references(side, coupling),
    })),
  });
}

function isPlacedPair({ order, distance }: CouplingRow): boolean {
  return order === 2 && !Number.isNaN(distance);
}

function ofSide(rows: readonly CouplingRow[], side: Side): readonly CouplingRow[] {
  return rows.filter((row) => row.side === side);
}

function curve(rows: readonly CouplingRow[], method: CouplingMethod): Series {
  const shown = rows.filter((row) => row.method === method && row.determined && isPlacedPair(row));
  return {
    name: methodNames[method],
    x: shown.map(({ distance }) => distance),
    y: shown.map((row) => row.coupling),
    error: shown.map(({ deviation, error }) => (method === "expansion" ? deviation : error)),
  };
}

function references(side: Side, coupling: number | null): readonly ReferenceLine[] {
  const zero = { axis: "y" as const, value: 0 };
  return side === "hidden" || coupling === null ? [zero] : [zero, { axis: "y", value: coupling, label: "K" }];
}

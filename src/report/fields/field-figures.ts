import { centerMapFigure, curvesFigure, type Figure, mosaicFigure } from "../figures/index.js";

/** A row of a table, as its CSV has it. */
export type Row = Readonly<Record<string, string>>;

function number(row: Row, column: string): number {
  const text = row[column] ?? "";
  return text === "" ? NaN : Number(text);
}

function layersOf(rows: readonly Row[]): readonly string[] {
  return [...new Set(rows.map((row) => row["layer"]))];
}

/** Centre map of the tiling, from the rows of receptive_fields.csv; dead units are left out. */
export function tilingFigure(rows: readonly Row[], shape: readonly number[], name: string): Promise<Figure> {
  const panels = layersOf(rows).map((layer) => {
    const all = rows.filter((row) => row["layer"] === layer);
    const alive = all.filter((row) => row["dead"] !== "true" && !Number.isNaN(number(row, "core_radius")));
    const dead = all.length - alive.length;
    return {
      title: `Layer ${layer}: ${alive.length} units${dead > 0 ? `, ${dead} dead` : ""}`,
      x: alive.map((row) => number(row, "center_x")),
      y: alive.map((row) => (shape.length === 1 ? 0 : number(row, "center_y"))),
      radius: alive.map((row) => number(row, "core_radius")),
    };
  });
  return centerMapFigure({
    title: "Where the hidden units look",
    subtitle: `${name}: centre of each receptive field, circle of the radius of its core`,
    shape,
    panels,
  });
}

/** Correlation of hidden units against the distance of their centres, beside that of the spins, from correlationsCsv. */
export function hiddenCorrelationsFigure(rows: readonly Row[], name: string): Promise<Figure> {
  const layers = layersOf(rows);
  const [first] = layers;
  const spins = rows.filter((row) => row["layer"] === first);
  return curvesFigure({
    title: "Correlations between hidden units",
    subtitle: `${name}: mean over the pairs at each distance, sign of the fields undone`,
    xLabel: "distance of the centres (sites)",
    yLabel: "correlation",
    series: [
      ...layers.map((layer) => {
        const own = rows.filter((row) => row["layer"] === layer);
        return {
          name: `layer ${layer}`,
          x: own.map((row) => number(row, "distance")),
          y: own.map((row) => number(row, "correlation")),
          error: own.map((row) => number(row, "standard_error")),
        };
      }),
      {
        name: "spins",
        x: spins.map((row) => Math.round(number(row, "distance"))),
        y: spins.map((row) => number(row, "spin_correlation")),
      },
    ],
  });
}

/**
 * Configurations beside their reconstructions from every layer, of the given sizes, from the rows of reconstructions.csv in
 * figures/: a row of tiles for each configuration.
 */
export function reconstructionFigure(
  rows: readonly Row[],
  shape: readonly number[],
  sizes: readonly number[],
  name: string,
): Promise<Figure> {
  const sites = rows.length;
  const columns = sizes.length + 1;
  const tiles = Object.keys(rows[0] ?? {}).filter((column) => column.includes("configuration_"));
  const configurations = tiles.length / columns;
  const fields = new Float64Array(tiles.length * sites);
  const labels: string[] = [];
  for (let configuration = 1; configuration <= configurations; configuration++) {
    for (let depth = 0; depth < columns; depth++) {
      const column = `${depth === 0 ? "" : `depth_${depth}_`}configuration_${configuration}`;
      const first = labels.length * sites;
      rows.forEach((row, site) => (fields[first + site] = number(row, column)));
      labels.push(depth === 0 ? `configuration ${configuration}` : `from ${sizes[depth - 1]} units`);
    }
  }
  return mosaicFigure({
    title: "Configurations and their reconstructions",
    subtitle: `${name}: means passed up to each layer and down again`,
    fields,
    units: labels.length,
    shape,
    labels,
    columns,
    colorLabel: "spin v, or its mean ⟨v⟩",
  });
}

import { join } from "node:path";
import { createSubfolder, type FileContent, writeFileAtomic } from "../io/index.js";
import { runLayout } from "../runs/index.js";
import type { Figure } from "./figures/index.js";

/** Write a figure of a run (or study) as SVG and PNG, with the data behind it as CSV; returns their paths in its folder. */
export function writeFigure(run: string, name: string, figure: Figure, csv: FileContent): readonly string[] {
  createSubfolder(runLayout.figures(run));
  const path = join(runLayout.figures(run), name);
  writeFileAtomic(`${path}.csv`, csv);
  writeFileAtomic(`${path}.svg`, figure.svg);
  writeFileAtomic(`${path}.png`, figure.png);
  return ["csv", "svg", "png"].map((kind) => `figures/${name}.${kind}`);
}

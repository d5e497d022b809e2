import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createFolder, writeFileAtomic } from "../io/index.js";
import { runLayout } from "../runs/index.js";
import type { StudyRun } from "./study.js";

/**
 * Copy a figure of a run, with the data behind it, among those of the study, under another name if one is given; returns
 * the picture's path inside it.
 */
export function copyFigure(run: StudyRun, study: string, name: string, as = name): string {
  createFolder(runLayout.figures(study));
  for (const kind of ["csv", "svg", "png"]) {
    const picture = readFileSync(join(runLayout.figures(run.folder), `${name}.${kind}`));
    writeFileAtomic(join(runLayout.figures(study), `${as}.${kind}`), picture);
  }
  return join("figures", `${as}.png`);
}

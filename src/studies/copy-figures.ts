import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createFolder, writeFileAtomic } from "../io/index.js";
import { runLayout } from "../runs/index.js";
import type { StudyRun } from "./study.js";

/** Copy figures of a run, with the data behind them, among those of the study; returns the pictures' paths inside it. */
export function copyFigures(run: StudyRun, study: string, names: readonly string[]): readonly string[] {
  createFolder(runLayout.figures(study));
  for (const name of names) {
    for (const kind of ["csv", "svg", "png"]) {
      const file = `${name}.${kind}`;
      const picture = readFileSync(join(runLayout.figures(run.folder), file));
      writeFileAtomic(join(runLayout.figures(study), file), picture);
    }
  }
  return names.map((name) => join("figures", `${name}.png`));
}

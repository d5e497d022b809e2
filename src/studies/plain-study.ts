import { collectSweep, readPlan, readSweepQuestion, surveySweep } from "../sweep/index.js";
import { studyFile } from "./study-file.js";
import type { Study } from "./study.js";
import { writeTable } from "./write-table.js";

/** A study that is nothing but its file, and claims nothing: its conclusion is the table of its runs, tables/runs.csv. */
export function plainStudy(name: string): Study {
  const file = studyFile(name);
  return {
    name,
    question: readSweepQuestion(file) ?? "what do its runs say?",
    conclude({ folder }) {
      const plan = readPlan(folder, file);
      const { columns, rows } = collectSweep(plan, folder, surveySweep(plan, folder));
      writeTable(
        folder,
        "runs",
        columns,
        rows.map((row) => columns.map((column) => row[column])),
      );
      return Promise.resolve({ claims: [], highlights: ["tables/runs.csv"] });
    },
  };
}

import type { FlowAnalysis } from "../../analysis/flow/index.js";
import { type AnalysisFile, figureFiles } from "../analysis-folder.js";
import { changesFigure, trajectoriesFigure } from "./flow-figures.js";
import { changesCsv, layoutsCsv, statesCsv, thermometersCsv, verdictsCsv } from "./flow-tables.js";

/** Tables and figures of the flows of a run, as files. */
export async function flowFiles(analysis: FlowAnalysis): Promise<readonly AnalysisFile[]> {
  const files: AnalysisFile[] = [
    ["verdicts.csv", verdictsCsv(analysis)],
    ["thermometers.csv", thermometersCsv(analysis)],
    ["states.csv", statesCsv(analysis)],
  ];
  if (analysis.layouts.length > 0) files.push(["layouts.csv", layoutsCsv(analysis)]);
  for (const kind of ["gibbs", "layers"] as const) {
    const flows = analysis.flows.filter((flow) => flow.kind === kind);
    if (flows.length === 0) continue;
    const own = thermometersCsv({ ...analysis, flows });
    files.push(...figureFiles(`${kind}-trajectories`, await trajectoriesFigure(flows), own));
    files.push(...figureFiles(`${kind}-changes`, await changesFigure(flows), changesCsv(flows)));
  }
  return files;
}

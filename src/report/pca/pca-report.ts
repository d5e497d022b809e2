import type { PcaAnalysis } from "../../analysis/pca/analysis.js";
import type { ModeComparison } from "../../analysis/pca/linear-theory.js";
import { type AnalysisFile, figureFiles } from "../analysis-folder.js";
import { summaryCsv, type Summary } from "../summary-table.js";
import {
  comparisonFigure,
  couplingFigure,
  fourthMomentsFigure,
  modesFigure,
  spectrumFigure,
  structureFigure,
} from "./pca-figures.js";
import {
  comparisonCsv,
  couplingFlowCsv,
  fourierCsv,
  fourthMomentsCsv,
  modesCsv,
  spectrumCsv,
} from "./pca-tables.js";

/** What a report of principal components is about. */
export interface PcaSubject {
  readonly analysis: PcaAnalysis;
  /** Name of the data, for titles. */
  readonly name: string;
  /** The periodic lattice that the columns live on, or null. */
  readonly shape: readonly number[] | null;
  /** Beside an RBM, if one was given. */
  readonly comparison: readonly ModeComparison[] | null;
  readonly summary: Summary;
}

/** Tables and figures of an analysis, as files: pca.csv, and a CSV behind every figure. */
export async function pcaFiles(subject: PcaSubject): Promise<readonly AnalysisFile[]> {
  const { analysis, name, shape, comparison, summary } = subject;
  const files: AnalysisFile[] = [
    ["pca.csv", summaryCsv(summary)],
    ...figureFiles(
      "spectrum",
      await spectrumFigure(analysis, `Principal components of ${name}`),
      spectrumCsv(analysis),
    ),
    ...figureFiles(
      "fourth-moments",
      await fourthMomentsFigure(analysis, `Fourth moments of ${name} as modes are removed`),
      fourthMomentsCsv(analysis),
    ),
    ...figureFiles(
      "coupling-flow",
      await couplingFigure(analysis, `Flow of the quartic coupling of ${name}`),
      couplingFlowCsv(analysis),
    ),
  ];
  if (analysis.fourier !== null) {
    const figure = await structureFigure(analysis, `Translation-averaged spectrum of ${name}`);
    files.push(...figureFiles("fourier", figure, fourierCsv(analysis.fourier)));
  }
  if (shape !== null && analysis.units.constant.length === 0) {
    const figure = await modesFigure(analysis, shape, `Modes of ${name}`);
    files.push(...figureFiles("modes", figure, modesCsv(analysis)));
  } else {
    files.push(["figures/modes.csv", modesCsv(analysis)]);
  }
  if (comparison !== null) {
    const figure = await comparisonFigure(comparison, `Principal components of ${name} beside the weights`);
    files.push(...figureFiles("rbm-modes", figure, comparisonCsv(comparison)));
  }
  return files;
}

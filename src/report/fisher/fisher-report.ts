import { type AnalysisFile, figureFiles } from "../analysis-folder.js";
import { dimensionFigure, directionsFigure, drawnSpectra, spectraFigure } from "./fisher-figures.js";
import { directionsCsv, fisherSummaryCsv, type LayerFisher, spectraCsv } from "./fisher-tables.js";

/** Tables and figures of the Fisher matrices of some runs, as files. */
export async function fisherFiles(layers: readonly LayerFisher[]): Promise<readonly AnalysisFile[]> {
  const summary = fisherSummaryCsv(layers);
  const files: AnalysisFile[] = [
    ["fisher.csv", summary],
    ...figureFiles("spectra", await spectraFigure(layers), spectraCsv(layers)),
  ];
  const dimension = await dimensionFigure(layers);
  if (dimension !== null) files.push(...figureFiles("effective-dimension", dimension, summary));
  for (const [index, layer] of layers.entries()) {
    for (const spectrum of drawnSpectra(layer)) {
      const name = `directions-${layers.length === 1 ? "" : `${index + 1}-`}${spectrum.kind}`;
      const csv = directionsCsv(spectrum.directions, layer.visible);
      files.push(...figureFiles(name, await directionsFigure(layer, spectrum), csv));
    }
  }
  return files;
}

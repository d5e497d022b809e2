import { type AnalysisFile, figureFiles } from "../analysis-folder.js";
import { couplingsFigure, hasDistances } from "./couplings-figures.js";
import {
  couplingRows,
  hamiltonianCsv,
  type LayerCouplings,
  strongestPairsCsv,
  vennCsv,
} from "./couplings-tables.js";
import type { VennRow } from "./venn-rows.js";

/** What a report of couplings is about. */
export interface CouplingsReport {
  readonly name: string;
  readonly couplings: LayerCouplings;
  readonly venn: readonly VennRow[];
  /** K of the data, if they are of an Ising model and the layer is the one that saw them. */
  readonly coupling: number | null;
}

/** Tables of the effective Hamiltonians of a layer and J(r) as a figure, as files. */
export async function couplingsFiles(report: CouplingsReport): Promise<readonly AnalysisFile[]> {
  const { name, couplings, venn, coupling } = report;
  const rows = couplingRows(couplings);
  const table = hamiltonianCsv(rows);
  const files: AnalysisFile[] = [
    ["effective-hamiltonian.csv", table],
    ["strongest-pairs.csv", strongestPairsCsv(couplings)],
  ];
  if (venn.length > 0) files.push(["venn-diagram.csv", vennCsv(venn)]);
  if (hasDistances(rows)) {
    files.push(...figureFiles("couplings", await couplingsFigure(rows, name, coupling), table));
  }
  return files;
}

import { writeFigure } from "../../report/write-figure.js";
import type { Study } from "../study.js";
import { writeTable } from "../write-table.js";
import { judgeControls, judgeUnpenalized } from "./controls.js";
import { collapseFigure, sizeFigure, sizeMeans, sizeMeansCsv } from "./figures.js";
import { judgeBelow, judgeLaw } from "./hypotheses.js";
import { fitLaws, judgeRobustness, lawColumns, lawRow } from "./laws.js";
import { pointColumns, pointRow, type SizePoint, sizePoint } from "./points.js";

/**
 * Liu's question (essay § 5.1): do the blocks in W coarse-grain, or do they only mirror the correlations between spins? If
 * the first, their size is that of a block of n/m spins; if the second, it follows the correlation length. So the
 * temperature is changed on both sides of T_c, and the number of hidden units with it.
 */
export const blockOrCorrelation: Study = {
  name: "block-or-correlation",
  question: "do the blocks in W coarse-grain, or do they mirror correlations?",
  async conclude({ runs, folder }) {
    const part = (name: string): readonly SizePoint[] =>
      runs.filter(({ parts }) => parts.includes(name)).map(sizePoint);
    const [penalized, weak] = [part("penalized"), part("weaker_penalty")];
    const controls = [...part("clone"), ...part("controls")];
    const unpenalized = part("unpenalized");
    writeTable(
      folder,
      "sizes",
      pointColumns,
      [...penalized, ...weak, ...unpenalized, ...controls].map(pointRow),
    );
    const clone = controls.filter(({ control }) => control === "gaussian-clone");
    const laws = fitLaws(penalized, weak, clone);
    writeTable(folder, "size-exponents", lawColumns, laws.map(lawRow));
    await writeFigures(folder, penalized);
    const [above, below] = laws;
    return {
      claims: [
        ...judgeLaw(above.law),
        ...judgeBelow(
          penalized.filter(({ disordered }) => !disordered),
          above.law,
          below.law,
        ),
        ...judgeRobustness(laws),
        ...judgeUnpenalized(unpenalized),
        ...judgeControls([...penalized, ...weak, ...unpenalized], controls),
      ],
      highlights: [
        "figures/size-against-temperature.png",
        "figures/collapse.png",
        "tables/size-exponents.csv",
        "tables/sizes.csv",
      ],
    };
  },
};

async function writeFigures(folder: string, penalized: readonly SizePoint[]): Promise<void> {
  const means = sizeMeans(penalized);
  const csv = sizeMeansCsv(means);
  const subtitle = `median radius R of the cores, mean over seeds; first layer, L1 ${penalized[0]?.l1 ?? "unknown"}`;
  writeFigure(folder, "size-against-temperature", await sizeFigure(means, subtitle), csv);
  writeFigure(folder, "collapse", await collapseFigure(means, subtitle), csv);
}

import { copyFigure } from "../copy-figure.js";
import type { Claim, Study, StudyRun } from "../study.js";
import { concludeChain } from "./chain.js";
import { concludeControls } from "./controls.js";
import { concludePrinted } from "./printed.js";
import { concludeScan } from "./scan.js";
import { concludeStack } from "./stack.js";

/**
 * Mehta & Schwab 2014: train a stack of RBMs on near-critical Ising configurations and look at the receptive fields.
 * Standard: the block-spin setting (±1 units, no biases, L1 0.01). Full: beside it the setting as printed, the L1 scan
 * between them, the controls of the data, and the 1D chain. Paper: as printed with all its 200 epochs.
 */
export const mehtaSchwab: Study = {
  name: "mehta-schwab",
  question: "do stacked RBMs trained on the 2D Ising model learn block spins?",
  async conclude({ runs, folder }, { kernels }) {
    const part = (name: string): readonly StudyRun[] => runs.filter(({ parts }) => parts.includes(name));
    const [stack] = part("stack");
    const pictures = copyFigures(stack, folder);
    const claims: readonly Claim[] = [
      ...concludeStack(stack, folder),
      ...(await concludeScan(part("l1_scan"), folder)),
      ...concludePrinted(part("printed")[0], folder),
      ...concludeControls(stack, part("controls"), part("untrained"), folder),
      ...concludeChain(part("chain")[0], folder, kernels),
    ];
    const scan = part("l1_scan").length > 0 ? ["figures/l1-scan.png"] : [];
    return { claims, highlights: [...pictures, ...scan] };
  },
};

/** The figures of the stack among those of the study; those worth opening first. */
function copyFigures(stack: StudyRun, folder: string): readonly string[] {
  const mosaics = stack.config.hidden.map((_, index) => `receptive-fields-${index + 1}`);
  const names = [...mosaics, "tiling", "reconstructions", "hidden-correlations", "losses"];
  const paths = names.map((name) => copyFigure(stack, folder, name));
  return [paths[0], paths[mosaics.length], paths[mosaics.length + 1], paths.at(-1)!];
}

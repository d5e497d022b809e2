import { CRITICAL_COUPLING } from "../../ising/model.js";
import { deriveKey, seedKey } from "../../random/index.js";
import { copyFigure } from "../copy-figure.js";
import { type Study, type StudyRun, summaryNumber } from "../study.js";
import { answer } from "./answer.js";
import { concludeCouplings } from "./couplings.js";
import { concludeBlocks } from "./exponents.js";
import { concludeFlows } from "./flows.js";
import { concludeKadanoff } from "./kadanoff.js";
import { concludeThermometers } from "./thermometers.js";
import { concludeVenn } from "./venn.js";

/**
 * Mehta & Schwab (2014) claim an exact mapping between variational RG and RBMs; Liu's essay (§3, §5.1) asks for the tools of
 * the renormalization group themselves. Here they are: effective Hamiltonians, the Venn diagram, Monte-Carlo RG with an RBM
 * as the block rule, Kadanoff's variational RG, and flows with thermometers that are tried on known temperatures first.
 */
export const renormalization: Study = {
  name: "renormalization",
  question: "does an RBM renormalize?",
  async conclude({ runs, folder }, environment) {
    const part = (name: string) => runs.filter(({ parts }) => parts.includes(name));
    const key = seedKey(runs[0].config.seed);
    const [trained, fitting] = [part("trained"), [...part("exact"), ...part("wide")]];
    const couplings = concludeCouplings(fitting, trained, folder);
    const venn = concludeVenn([...fitting, ...trained], folder);
    const blocks = await concludeBlocks(
      part("blocks"),
      part("blocks_of_three"),
      folder,
      deriveKey(key, "analysis", 0),
      environment,
    );
    const kadanoff = await concludeKadanoff(folder);
    const flows = await concludeFlows(trained, part("stack"), part("nulls"), folder);
    const thermometers = await concludeThermometers(
      part("thermometers"),
      folder,
      deriveKey(key, "analysis", 1),
      environment,
    );
    return {
      claims: [
        answer(blocks.answer, flows.answer),
        ...couplings,
        ...venn,
        ...blocks.claims,
        ...kadanoff,
        ...flows.claims,
        ...thermometers,
      ],
      highlights: [
        "figures/block-exponents.png",
        "figures/flow-fixed-points.png",
        ...copied(trained.find(isCritical) ?? trained.at(0), folder),
        "figures/kadanoff-flow.png",
        "figures/kadanoff-free-energy.png",
        "tables/couplings.csv",
        "tables/venn-diagram.csv",
      ],
    };
  },
};

function isCritical(run: StudyRun): boolean {
  return summaryNumber(run, "coupling") === CRITICAL_COUPLING;
}

/** The couplings and the flow of one run, as pictures of their own. */
function copied(run: StudyRun | undefined, folder: string): readonly string[] {
  if (run === undefined) return [];
  return ["couplings", "flow-gibbs-trajectories"].map((name) => copyFigure(run, folder, name));
}

import { deriveKey, seedKey } from "../../random/index.js";
import type { Study } from "../study.js";
import { concludeFisher } from "./fisher.js";
import { concludeIsing } from "./ising.js";
import { concludeLinearTheory } from "./linear-theory.js";
import { concludeSpectrum } from "./spectrum.js";
import { concludeSynthetic } from "./synthetic.js";

/**
 * Bradde & Bialek 2017 read principal components as a momentum-shell renormalization group (Liu's essay, §4 and §5.2). Tried
 * here on models whose fixed points are known, on data that have none, and on the question whether RBMs are sloppy.
 */
export const pcaRg: Study = {
  name: "pca-rg",
  question: "does PCA tell criticality, and are RBMs sloppy?",
  async conclude({ runs, folder }) {
    const part = (name: string) => runs.filter(({ parts }) => parts.includes(name));
    const key = seedKey(runs[0].config.seed);
    const temperatures = part("fisher");
    const claims = [
      ...(await concludeIsing([...new Set([...part("ising"), ...part("ising_critical")])], folder)),
      ...(await concludeSpectrum(part("spectrum").at(0), folder, deriveKey(key, "analysis", 0))),
      ...(await concludeSynthetic(folder, deriveKey(key, "analysis", 1))),
      ...(await concludeFisher(
        { temperatures, epochs: part("fisher_epochs"), enumerated: part("fisher_exact") },
        folder,
      )),
      ...(await concludeLinearTheory(temperatures, folder)),
    ];
    return {
      claims,
      highlights: [
        "figures/ising-fourth-moments.png",
        "figures/synthetic.png",
        "figures/critical-spectrum.png",
        "figures/fisher-spectra.png",
        "figures/fisher-dimension.png",
        "figures/weights-and-modes.png",
        "tables/ising.csv",
      ],
    };
  },
};

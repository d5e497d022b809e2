import type { Study } from "../study.js";
import { measuredRuns } from "./final-metrics.js";
import { concludeGauges } from "./gauges.js";
import { concludeLarge } from "./large.js";
import { concludeOptima } from "./optima.js";
import { concludePerfect } from "./perfect.js";
import { concludeReachability } from "./reachability.js";
import { withSlope } from "./stationarity.js";

/**
 * Burns 2021 proposes to train an RBM on |F − F_λ| and leaves it undone. Done here: both first-order conditions, where the
 * objective can be met at all, what the gauges of D change, what a perfect RBM does, and Mehta and Schwab's setting.
 */
export const burns: Study = {
  name: "burns",
  question: "what does training an RBM on the free energy do?",
  async conclude({ runs, folder }, { kernels }) {
    const part = (name: string) => measuredRuns(runs, name);
    const optima = part("optima").map((run) => withSlope(run, kernels));
    const claims = [
      ...concludeOptima([...optima, ...part("sampled")], folder),
      ...(await concludeReachability(part("reachability"), folder)),
      ...(await concludeGauges(optima, folder)),
      ...concludePerfect(folder, kernels),
      ...concludeLarge(part("mehta_schwab_literal")[0], part("mehta_schwab_kl")[0], folder),
    ];
    return {
      claims,
      highlights: [
        "figures/phases.png",
        "figures/reachability.png",
        "figures/gauges.png",
        "tables/conditions.csv",
      ],
    };
  },
};

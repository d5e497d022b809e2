import { contest } from "../contest.js";
import { wolffPeer } from "../peer-lattice.js";
import { wolffContender } from "../project-lattice.js";
import type { Section } from "../section.js";

const SIDE = 40;

/** The program's default number of chains. */
const CHAINS = 32;

/** Clusters of all chains a round, after as many to reach equilibrium; fewer at K_c, where clusters are larger. */
const CASES = [
  { label: "K=0.408", coupling: 0.408, clusters: 2400 },
  { label: "K=K_c", coupling: 0.44068679350977147, clusters: 400 },
];

/** Wolff clusters per core: time for each site that is flipped, the measure that does not depend on cluster sizes. */
export const wolffCluster: Section = {
  name: "wolff-cluster",
  description: "Wolff clusters on 40x40 at K = 0.408 and K_c against a C program, one core",
  async run({ program, tools, quick, rounds, report }) {
    for (const { label, coupling, clusters: full } of CASES) {
      const clusters = quick ? Math.ceil(full / 40) : full;
      const contenders = [
        wolffContender(program, { side: SIDE, coupling, chains: CHAINS }, clusters),
        ...(await wolffPeer(tools, SIDE, coupling, clusters * CHAINS)),
      ];
      const topic = {
        section: "wolff-cluster",
        name: `${SIDE}x${SIDE} ${label}`,
        threads: 1,
        quantity: { unit: "ns/flipped site", better: "less" },
        target: { kind: "ratio", least: 1 },
      } as const;
      report(await contest(topic, contenders, rounds));
    }
  },
};

import { contest } from "../contest.js";
import { sweepPeer } from "../peer-lattice.js";
import { sweepContender } from "../project-lattice.js";
import type { Section } from "../section.js";

const SETTING = { side: 40, coupling: 0.408, chains: 128 };

/**
 * Local updates per core. The C program updates a checkerboard; so may heat bath here, in any fixed order, but Metropolis
 * draws its sites at random. Heat bath is compared with both rules of the C program, Metropolis with its own.
 */
export const latticeSweep: Section = {
  name: "lattice-sweep",
  description: "heat-bath and Metropolis flips on 40x40 against a multi-spin C program, one core",
  async run({ program, tools, quick, rounds, report }) {
    const { side, coupling } = SETTING;
    const sweeps = quick ? 10 : 2000;
    const rules = [
      { name: "heat-bath", sweep: "heatBathSweep", peers: ["heat-bath", "metropolis"] },
      { name: "metropolis", sweep: "metropolisSweep", peers: ["metropolis"] },
    ] as const;
    for (const rule of rules) {
      const contenders = [sweepContender(program, rule.sweep, SETTING, sweeps)];
      for (const peer of rule.peers)
        contenders.push(...(await sweepPeer(tools, peer, side, coupling, 2 * sweeps)));
      const topic = {
        section: "lattice-sweep",
        name: `${rule.name} ${side}x${side} K=${coupling}`,
        threads: 1,
        quantity: { unit: "flips/ns", better: "more" },
        target: { kind: "ratio", least: 1.5 },
      } as const;
      report(await contest(topic, contenders, rounds));
    }
  },
};

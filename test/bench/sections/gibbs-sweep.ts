import { contest } from "../contest.js";
import { rbmPeers } from "../peer-rbm.js";
import { gibbsContender } from "../project-rbm.js";
import type { Section } from "../section.js";
import { shape, shapeName } from "../shape.js";

const SIZE = shape(1600, 400, 1000);

/** Many chains at once: both conditionals and both samples, no gradient. */
export const gibbsSweep: Section = {
  name: "gibbs-sweep",
  description: "a Gibbs sweep v → h → v' of 1000 chains against NumPy and PyTorch",
  async run({ program, tools, cores, quick, rounds, report }) {
    const sweeps = quick ? 1 : 6;
    for (const threads of [1, 2].filter((count) => count <= cores)) {
      const contenders = [
        gibbsContender(program, SIZE, threads, sweeps),
        ...(await rbmPeers(tools, "gibbs", SIZE, threads, sweeps)),
      ];
      const topic = {
        section: "gibbs-sweep",
        name: shapeName(SIZE),
        threads,
        quantity: { unit: "ms/sweep", better: "less" },
        target: { kind: "ratio", least: 1.8 },
      } as const;
      report(await contest(topic, contenders, rounds));
    }
  },
};

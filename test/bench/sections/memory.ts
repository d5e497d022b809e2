import { type Contender, contest } from "../contest.js";
import { runProject } from "../layer-run.js";
import type { Bench, Section } from "../section.js";

/** The first is the base. */
const SAMPLES = [20_000, 10_000, 40_000, 80_000];

/** Peak memory against samples: 200 bytes of bits for each on 40x40, or 6400 if they were floats. */
export const memoryGrowth: Section = {
  name: "memory",
  description: "peak memory of a training run against the number of samples",
  async run(bench) {
    const samples = bench.quick ? SAMPLES.slice(0, 2).map((count) => count / 40) : SAMPLES;
    const topic = {
      section: "memory",
      name: "40x40 to 400 for 1 epoch",
      threads: 1,
      quantity: { unit: "MB", better: "less" },
    } as const;
    const rounds = bench.quick ? 1 : Math.min(bench.rounds, 3);
    bench.report(
      await contest(
        topic,
        samples.map((count) => memoryContender(bench, count)),
        rounds,
      ),
    );
  },
};

function memoryContender({ root, tools }: Bench, samples: number): Contender {
  return {
    subject: `project (${samples} samples)`,
    role: "project",
    round: async () => (await runProject(root, tools, { samples, epochs: 1, threads: 1 })).peakMegabytes,
    close: () => Promise.resolve(),
  };
}

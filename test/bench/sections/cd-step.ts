import { contest } from "../contest.js";
import { rbmPeers } from "../peer-rbm.js";
import { trainingContender } from "../project-rbm.js";
import type { Bench, Section } from "../section.js";
import { type Shape, shape, shapeName, updatesPerRound } from "../shape.js";

const MAIN = shape(1600, 400, 100);
const SHAPES = [MAIN, shape(256, 64, 64), shape(4096, 1024, 256)];

/** One CD-1 update: the program, in the peers' convention and in its own default, beside NumPy, PyTorch, scikit-learn. */
export const cdStep: Section = {
  name: "cd-step",
  description: "a CD-1 update against NumPy, PyTorch and scikit-learn, 1 and 2 threads",
  async run(bench) {
    const shapes = bench.quick ? SHAPES.slice(0, 2) : SHAPES;
    for (const size of shapes) {
      for (const threads of [1, 2].filter((count) => count <= bench.cores)) {
        await compareUpdates(bench, size, threads);
      }
    }
  },
};

async function compareUpdates(bench: Bench, size: Shape, threads: number): Promise<void> {
  const { program, tools, quick, rounds } = bench;
  const updates = updatesPerRound(size, quick);
  const common = { threads, updates, samples: updates * size.rows };
  const contenders = [
    await trainingContender(program, size, {
      ...common,
      subject: "project (binary units + biases)",
      units: "binary",
      bias: true,
    }),
    await trainingContender(program, size, {
      ...common,
      subject: "project (spin units)",
      units: "spin",
      bias: false,
    }),
    await trainingContender(program, size, {
      ...common,
      subject: "project (binary units + biases; centred)",
      units: "binary",
      bias: true,
      centered: true,
    }),
    ...(await rbmPeers(tools, "cd", size, threads, updates)),
  ];
  const topic = {
    section: "cd-step",
    name: shapeName(size),
    threads,
    quantity: { unit: "ms/update", better: "less" },
    ...(size === MAIN ? { target: { kind: "ratio", least: 1.5 } as const } : {}),
  } as const;
  bench.report(await contest(topic, contenders, rounds));
}

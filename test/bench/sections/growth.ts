import { type Contender, contest } from "../contest.js";
import { trainingContender } from "../project-rbm.js";
import type { Bench, Section } from "../section.js";
import { type Shape, shape, shapeName, updatesPerRound, volume } from "../shape.js";

const MAIN = shape(1600, 400, 100);
const SHAPES = [shape(400, 100, 100), shape(4096, 1024, 100), shape(16384, 1024, 100)];
const SAMPLES = [20_000, 10_000, 5_000];

/** Rows of data for the growth with n·m; a round is whole epochs. */
const ROWS = 2000;

/**
 * How time grows, per unit of work and relative to the first row: near 1 is linear. Updates: per multiply-add n·m·B of a
 * dense product, in epochs of 2,000 samples. Epochs: per sample.
 */
export const growth: Section = {
  name: "growth",
  description: "time per update against n·m, time per epoch against samples",
  async run(bench) {
    await growthOfUpdates(bench);
    await growthOfEpochs(bench);
  },
};

async function growthOfUpdates(bench: Bench): Promise<void> {
  const others = bench.quick ? SHAPES.slice(0, 1) : SHAPES;
  const contenders = [];
  for (const size of [MAIN, ...others]) contenders.push(await updateContender(bench, size));
  const topic = {
    section: "growth",
    name: "update per n·m·B",
    threads: 1,
    quantity: { unit: "ps", better: "less" },
  } as const;
  bench.report(await contest(topic, contenders, bench.rounds));
}

async function updateContender({ program, quick }: Bench, size: Shape): Promise<Contender> {
  const epoch = ROWS / size.rows;
  const updates = epoch * Math.ceil(updatesPerRound(size, quick) / epoch);
  const contender = await trainingContender(program, size, {
    subject: `project (${shapeName(size)})`,
    units: "binary",
    bias: true,
    threads: 1,
    updates,
    samples: ROWS,
  });
  return scaled(contender, 1e9 / volume(size));
}

async function growthOfEpochs({ program, quick, rounds, report }: Bench): Promise<void> {
  const contenders = [];
  for (const full of SAMPLES) {
    const samples = quick ? full / 10 : full;
    const contender = await trainingContender(program, MAIN, {
      subject: `project (${samples} samples)`,
      units: "binary",
      bias: true,
      threads: 1,
      updates: samples / MAIN.rows,
      samples,
    });
    contenders.push(scaled(contender, 1000 / MAIN.rows));
  }
  const topic = {
    section: "growth",
    name: `epoch per sample ${MAIN.visible}x${MAIN.hidden}`,
    threads: 1,
    quantity: { unit: "µs", better: "less" },
  } as const;
  report(await contest(topic, contenders, rounds));
}

function scaled(contender: Contender, factor: number): Contender {
  return { ...contender, round: async () => factor * (await contender.round()) };
}

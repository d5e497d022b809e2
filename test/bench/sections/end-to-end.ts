import { compare, type Row, type Topic } from "../comparison.js";
import { type LayerRun, type LayerTask, preparePeer, runPeer, runProject, SETTING } from "../layer-run.js";
import type { Section } from "../section.js";

const SAMPLES = 20_000;

/** Epochs of Mehta and Schwab. */
const PAPER_EPOCHS = 200;

/** More threads than this the program takes only when asked to. */
const MAX_THREADS = 8;

/** The run asked for, and one of a single epoch: what happens once cancels in their difference. */
interface Pair {
  readonly long: LayerRun;
  readonly short: LayerRun;
}

/** One figure of every pair, under one name. */
interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly of: (pair: Pair) => number;
  readonly target?: Topic["target"];
}

/** Mehta and Schwab's first layer as users run it: fresh processes, from nothing to files. */
export const endToEnd: Section = {
  name: "end-to-end",
  description:
    "sample, train one layer, write everything, against Numba Wolff + scikit-learn; time and memory",
  async run(bench) {
    const { cores, epochs, quick, tools, root } = bench;
    const task = { samples: quick ? 500 : SAMPLES, epochs, threads: Math.min(cores, MAX_THREADS) };
    const python = tools.python(["numpy", "numba", "sklearn"]);
    if (python !== null) await preparePeer(tools, python);
    const project: Pair[] = [];
    const peer: Pair[] = [];
    for (let round = 0; round < bench.longRounds; round++) {
      project.push(await runPair(task, (asked) => runProject(root, tools, asked)));
      if (python !== null) peer.push(await runPair(task, (asked) => runPeer(tools, python, asked)));
    }
    for (const figure of figures(task)) bench.report(rows(figure, task, project, peer));
  },
};

async function runPair(task: LayerTask, run: (task: LayerTask) => Promise<LayerRun>): Promise<Pair> {
  return { short: await run({ ...task, epochs: 1 }), long: await run(task) };
}

/** Phases, then the whole: as run, and for the paper's epochs if those were not run. */
function figures({ epochs }: LayerTask): readonly Figure[] {
  const target = { kind: "ratio", least: 2 } as const;
  const perEpoch = ({ long, short }: Pair): number => (long.training - short.training) / (epochs - 1);
  const whole: Figure = { name: `${epochs} epochs run`, unit: "s", of: ({ long }) => long.total };
  const paper: Figure = {
    name: `${PAPER_EPOCHS} epochs computed from ${epochs}`,
    unit: "s",
    of: (pair) => pair.long.total + (PAPER_EPOCHS - epochs) * perEpoch(pair),
    target,
  };
  return [
    { name: "sampling", unit: "s", of: ({ long }) => long.sampling },
    { name: "one epoch more", unit: "s", of: perEpoch },
    ...(epochs === PAPER_EPOCHS ? [{ ...whole, target }] : [whole, paper]),
    {
      name: `peak memory of ${epochs} epochs`,
      unit: "MB",
      of: ({ long }) => long.peakMegabytes,
      target: { kind: "value", most: 400 },
    },
  ];
}

function rows(
  { name, unit, of, target }: Figure,
  { samples, threads }: LayerTask,
  project: readonly Pair[],
  peer: readonly Pair[],
): readonly Row[] {
  const { side, coupling, hidden } = SETTING;
  const topic: Topic = {
    section: "end-to-end",
    name: `${samples} x ${side}x${side} K=${coupling} to ${hidden}: ${name}`,
    threads,
    quantity: { unit, better: "less" },
    ...(target === undefined ? {} : { target }),
  };
  const others =
    peer.length === 0
      ? []
      : [
          {
            subject: "Numba Wolff + scikit-learn (PCD)",
            role: "reference" as const,
            values: peer.map(of),
          },
        ];
  return compare(topic, { subject: "project (rbm-rg train)", values: project.map(of) }, others);
}

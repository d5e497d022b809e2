import { log } from "../../kernels/elementary.js";
import type { IsingModel } from "../../ising/model.js";
import type { Arena, BitMatrix, LayerArrays } from "../../kernels/index.js";
import { deriveKey } from "../../random/index.js";
import { Annealing } from "./annealing.js";
import { measurePath, spacedSchedule } from "./annealing-schedule.js";
import { annealingSteps, ISING_PATH, PILOT_CHAINS } from "./effort.js";
import type { LogPartitionEstimator } from "./estimator.js";
import { IsingStart } from "./ising-start.js";
import type { ModelSamples } from "./model-samples.js";
import type { LogPartitionProblem } from "./problem.js";
import { joinRows, placeLayer, spreadRows } from "./rows.js";
import { withMirrorImages } from "./symmetry.js";
import { type RelatedWorks, twoSidedEstimate } from "./two-sided.js";
import { improbableWorks, joinDoubts, unreachedModes } from "./verdict.js";

/**
 * Bennett's acceptance ratio between the Ising model behind the data, whose H and ln Z are known, and the layer: data
 * are led to the model, samples of the model to the data, and ln Z_λ − ln Z − m ln 2 follows from both works (in a single step
 * w = H − H_λ, which needs distributions that overlap; several steps bridge those that do not). Two-sided, and cheap
 * where the layer is close to the data.
 */
export const bennett: LogPartitionEstimator = {
  obstacle({ layer, data, target }) {
    if (data === null || target === null)
      return "the Ising model behind the data, with its ln Z, is not known";
    if (target.model.lattice.sites === layer.visible) return null;
    return `the Ising model has ${target.model.lattice.sites} sites and the layer ${layer.visible} visible units`;
  },

  async estimate(ensemble) {
    const { problem } = ensemble;
    const samples = await ensemble.samples;
    const arena = problem.kernels.arena();
    try {
      const { upward, downward } = await bridge(problem, samples, placeLayer(problem.layer, arena), arena);
      const { value, error, doubt } = twoSidedEstimate(upward, downward);
      const own = problem.target?.error ?? 0;
      return {
        value,
        error: Math.sqrt(error * error + own * own),
        doubt: joinDoubts(
          doubt,
          improbableWorks({ value, error }, upward.works, downward.works),
          unreachedModes(upward.works, downward.works, "from the model"),
        ),
      };
    } finally {
      arena.release();
    }
  },
};

/** Works from the data to the model and back, both counted as estimates of ln Z_λ. */
async function bridge(
  { data, target, kernels, options, key: problemKey, pause }: LogPartitionProblem,
  samples: ModelSamples,
  layer: LayerArrays,
  arena: Arena,
): Promise<{ readonly upward: RelatedWorks; readonly downward: RelatedWorks }> {
  if (data === null || target === null) throw new RangeError("bennett without a known ensemble");
  const key = deriveKey(problemKey, "logPartition", 4);
  const chains = samples.visible.rows;
  const start = new IsingStart(target.model, target.logPartition, layer, kernels, arena, chains);
  const pilot = new Annealing(
    layer,
    start,
    spreadRows(data, Math.ceil(PILOT_CHAINS * chains), arena),
    kernels,
    arena,
  );
  const measured = await measurePath(pilot, deriveKey(key, "gibbsChain", 0), pause);
  const schedule = spacedSchedule(measured, annealingSteps(options, measured, chains, layer, ISING_PATH));
  const { rows, families, ancestors } = setOut(data, target.model, chains, arena);
  const up = new Annealing(layer, start, rows, kernels, arena);
  await up.follow(schedule, deriveKey(key, "gibbsChain", 1), pause);
  const down = new Annealing(layer, start, joinRows([samples.visible], arena), kernels, arena);
  await down.follow(schedule.slice().reverse(), deriveKey(key, "gibbsChain", 2), pause);
  const offset = start.logPartition + layer.hidden * log(2);
  return {
    upward: { works: Float64Array.from(up.works, (w) => offset + w), families, ancestors },
    downward: {
      works: Float64Array.from(down.works, (w) => offset - w),
      families: samples.families,
      ancestors: chains,
    },
  };
}

/**
 * Rows of the data for the chains to set out from. Without a field each comes with its mirror image −v, which is as
 * likely: so both signs have the share they should have, to the row.
 */
function setOut(
  data: BitMatrix,
  { field }: IsingModel,
  chains: number,
  arena: Arena,
): { readonly rows: BitMatrix; readonly families: Uint32Array; readonly ancestors: number } {
  const drawn = spreadRows(data, field === 0 ? Math.floor(chains / 2) : chains, arena);
  const rows = field === 0 ? withMirrorImages(drawn, arena) : drawn;
  return {
    rows,
    families: Uint32Array.from({ length: rows.rows }, (_, k) => k % drawn.rows),
    ancestors: drawn.rows,
  };
}

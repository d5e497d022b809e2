import { decimationResiduals, decimationStack } from "../../analysis/exact-decimation.js";
import type { Kernels } from "../../kernels/index.js";
import { parseLattice } from "../../ising/lattice.js";
import { readMetrics } from "../../runs/index.js";
import { short } from "../number-text.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";

/** Nats below which a residual is rounding. */
const EXACT = 1e-9;

/** Layers of the decimation of the chain. */
const STEPS = 3;

/** A unit that copies a spin follows it this well. */
const COPY_OVERLAP = 0.99;

/** The 1D chain: decimation as a stack with weights from the recursion, and what training finds on the same chain. */
export function concludeChain(run: StudyRun | undefined, folder: string, kernels: Kernels): readonly Claim[] {
  if (run === undefined) return [];
  const coupling = summaryNumber(run, "coupling");
  const { sites } = parseLattice(run.summary["lattice"]);
  const steps = decimationStack(sites, coupling, STEPS).map((layer) => ({
    layer,
    residuals: decimationResiduals(layer, kernels),
  }));
  writeTable(
    folder,
    "decimation",
    [
      "step",
      "spins",
      "coupling",
      "decimated_coupling",
      "visible_residual",
      "hidden_residual",
      "free_energy_residual",
    ],
    steps.map(({ layer, residuals }, index) => [
      index + 1,
      layer.rbm.visible,
      layer.coupling,
      layer.decimated,
      residuals.visible,
      residuals.hidden,
      residuals.freeEnergy,
    ]),
  );
  const worst = Math.max(...steps.flatMap(({ residuals: r }) => [r.visible, r.hidden, r.freeEnergy]));
  return [
    {
      claim: `in one dimension a stack with weights from tanh K' = tanh² K is exact decimation`,
      measured: `${sites} spins, K = ${[coupling, ...steps.map(({ layer }) => layer.decimated)].map(short).join(" → ")}; largest deviation from the exact chains ${short(worst)} nats`,
      verdict: worst < EXACT ? "yes" : "no",
    },
    learned(run),
  ];
}

function learned(run: StudyRun): Claim {
  const overlap = summaryNumber(run, "site_overlap_1");
  const kl = readMetrics(run.folder).at(-1)?.klPerSpin ?? NaN;
  return {
    claim: "on the same chain CD-1 learns decimation (units that copy single spins)",
    measured:
      `${run.config.hidden[0]} units: median overlap with the nearest spin ${short(overlap)} (a copy 1), PR ${short(summaryNumber(run, "participation_ratio_1"))} sites, ` +
      `best block ${short(summaryNumber(run, "block_size_1"))} sites; KL per spin ${short(kl)} nats (decimation 0)`,
    verdict: overlap > COPY_OVERLAP ? "yes" : "no",
  };
}

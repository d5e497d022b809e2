import type { ExperimentConfig, SampleSource } from "../runs/index.js";
import { type MachineFlags, flaggedKernels } from "./environment.js";
import type { CommonFlags } from "./options.js";
import { significant } from "../statistics/number-text.js";
import { formatBytes, formatTable, print, printJson } from "./output.js";

/** A dataset that `sample` is asked for. */
export interface SampleTask {
  readonly config: ExperimentConfig;
  readonly data: SampleSource;
  readonly seed: string;
  readonly path: string;
  /** Whether it is there already, of the same configuration. */
  readonly isThere: boolean;
}

/** Print what would be sampled, where, and the memory it would take at its peak; write and sample nothing. */
export async function showSamplePlan(
  tasks: readonly SampleTask[],
  flags: CommonFlags & MachineFlags,
): Promise<void> {
  const { dataSize, estimateMemory } = await import("../experiment/memory-estimate.js");
  const { parseLattice } = await import("../ising/lattice.js");
  const { isingModel } = await import("../ising/model.js");
  const { chooseSampler } = await import("../ising/samplers/index.js");
  const kernels = flaggedKernels(flags);
  const rows = tasks.map(({ config, data, path, isThere }) => {
    const { lattice, coupling, field, samples, algorithm, chains } = data;
    const { name } = chooseSampler(algorithm, isingModel(parseLattice(lattice), coupling, field));
    const { peak } = estimateMemory(config, dataSize(config, null), kernels.threads);
    return {
      ...{ folder: path, lattice, coupling, field, samples, algorithm: name, chains },
      ...{ peak_bytes: Math.round(peak), state: isThere ? "there already" : "to sample" },
    };
  });
  kernels.close();
  if (flags.json === true) {
    printJson(rows);
    return;
  }
  print(
    formatTable(
      ["folder", "lattice", "K", "B", "samples", "algorithm", "chains", "memory", "state"],
      rows.map((row) => [
        ...[
          row.folder,
          row.lattice,
          significant(row.coupling, 6),
          significant(row.field, 6),
          String(row.samples),
        ],
        ...[row.algorithm, String(row.chains), formatBytes(row.peak_bytes), row.state],
      ]),
    ),
  );
}

import type { ExperimentConfig } from "../runs/index.js";
import type { MachineFlags } from "./environment.js";
import type { CommonFlags } from "./options.js";
import { formatBytes, print, printJson } from "./output.js";

/** The flags that matter to a dry run. */
export interface DryRunFlags extends CommonFlags, MachineFlags {
  readonly force?: boolean;
}

/**
 * Check an experiment as if it were to run, write nothing, and print its resolved configuration: YAML that `--config`
 * reads, with the memory the run would take as a remark on stderr; with `--json` both in one document.
 */
export async function dryRun(config: ExperimentConfig, run: string, flags: DryRunFlags): Promise<void> {
  const { prepareRun } = await import("../experiment/prepare-run.js");
  const { dataSize, estimateMemory, requireKernelMemory } = await import("../experiment/memory-estimate.js");
  const { writtenForm } = await import("../runs/config/index.js");
  const { flaggedKernels } = await import("./environment.js");
  const { external } = prepareRun(config, run, { force: flags.force === true });
  const size = dataSize(config, external);
  const kernels = flaggedKernels(flags);
  requireKernelMemory(config, size, kernels);
  const memory = estimateMemory(config, size, kernels.threads);
  kernels.close();
  if (flags.json === true) {
    printJson({
      config: writtenForm(config),
      memory: { peak_bytes: Math.round(memory.peak), kernel_bytes: Math.round(memory.kernels) },
    });
    return;
  }
  const { stringify } = await import("yaml");
  print(stringify(writtenForm(config)));
  if (flags.quiet !== true) {
    process.stderr.write(
      `rbm-rg: this run would take about ${formatBytes(memory.peak)} of memory at its peak, ` +
        `${formatBytes(memory.kernels)} of it in the kernels.\n`,
    );
  }
}

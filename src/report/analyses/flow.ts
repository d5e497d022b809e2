import { join } from "node:path";
import { defaultFlow } from "../../analysis/flow/defaults.js";
import { analyzeFlow, flowMachineNames } from "../../analysis/flow/index.js";
import { flowFiles } from "../flow/flow-report.js";
import { flowSubject } from "../flow/flow-subject.js";
import type { RunAnalysis } from "./analysis.js";
import { fieldValue, tableRows, writeFilesOfRun } from "./write-files.js";

const table = (run: string): string => join(run, "flow-verdicts.csv");

/**
 * `flow`: where the trained layers and their nulls take Ising configurations of many temperatures, as `rbm-rg flow` finds it
 * without flags: flow-verdicts.csv, flow-thermometers.csv, flow-states.csv, flow-layouts.csv and figures/flow-*.
 */
export const flow: RunAnalysis = {
  phase: "following flows",
  async write(run, kernels, share) {
    const { temperatures, ...counts } = defaultFlow;
    const options = {
      ...counts,
      couplings: temperatures.map((t) => 1 / t),
      machines: flowMachineNames,
      key: run.key,
    };
    const analysis = await analyzeFlow(flowSubject(run.folder, run), options, kernels, (done, total) =>
      share(done / total),
    );
    const files = (await flowFiles(analysis)).map(
      ([path, content]) => [path.startsWith("figures/") ? path : `flow-${path}`, content] as const,
    );
    return writeFilesOfRun(run.folder, "flow", files);
  },
  summarize(folder) {
    return tableRows(table(folder))
      .filter(({ machine, thermometer }) => machine === "trained" && thermometer === "all")
      .flatMap((row) => [
        [`flow_${row["flow"]}_verdict`, fieldValue(row["verdict"])] as const,
        [`flow_${row["flow"]}_ising`, fieldValue(row["ising"])] as const,
      ]);
  },
};

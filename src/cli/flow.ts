import type { Command } from "commander";
import { join } from "node:path";
import { defaultFlow, LEAST_FLOW_SAMPLES } from "../analysis/flow/defaults.js";
import type { FlowAnalysis, FlowMachineName } from "../analysis/flow/index.js";
import { UsageError } from "../errors/index.js";
import { readCount } from "./count-option.js";
import type { MachineFlags } from "./environment.js";
import { addCommonOptions, addMachineOptions, type CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";

interface FlowFlags extends CommonFlags, MachineFlags {
  readonly temperature?: string;
  readonly samples?: string;
  readonly steps?: string;
  readonly referenceSamples?: string;
  readonly nulls: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** The reference is sampled by so many chains. */
const LEAST_REFERENCE = 256;

const defaultTemperatures = defaultFlow.temperatures.map((t) => (t === Infinity ? "inf" : t)).join(",");

const examples = `Examples:
  rbm-rg flow results/run
  rbm-rg flow results/run -T inf,3,2.5,2.27,2 --steps 20
  rbm-rg flow results/run --no-nulls -o results/flow
`;

/** `rbm-rg flow`: where a trained machine takes configurations of many temperatures, and whether they stay Ising states. */
export function configureFlow(command: Command): void {
  command
    .argument("<run>", "run folder on a torus, finished or training its upper layers")
    .addHelpText("before", examples)
    .option("-T, --temperature <list>", `temperatures of the starts (default: ${defaultTemperatures})`)
    .option("-n, --samples <n>", `configurations of each (default: ${defaultFlow.samples})`)
    .option("--steps <n>", `steps v → h → v′ (default: ${defaultFlow.steps})`)
    .option(
      "--reference-samples <n>",
      `configurations at each coupling of the scales of |m| and the Binder cumulant (default: ${defaultFlow.referenceSamples})`,
    )
    .option("--no-nulls", "leave out untrained, shuffled and permuted weights")
    .option("-o, --out <folder>", "where to write (default: flow in the run)")
    .option("--force", "replace an existing analysis");
  addMachineOptions(command);
  addCommonOptions(command, true);
  command.action((run: string, flags: FlowFlags) => runFlow(run, flags));
}

async function runFlow(run: string, flags: FlowFlags): Promise<void> {
  const { analyzeFlow, flowMachineNames } = await import("../analysis/flow/index.js");
  const { seedKey } = await import("../random/index.js");
  const { requireReplaceableAnalysis, writeAnalysisFolder } = await import("../report/analysis-folder.js");
  const { flowFiles } = await import("../report/flow/flow-report.js");
  const { flowSubject } = await import("../report/flow/flow-subject.js");
  const { readTrainedLayers } = await import("../runs/trained-layer.js");
  const { withEnvironment } = await import("./environment.js");
  const machines: readonly FlowMachineName[] = flags.nulls ? flowMachineNames : ["trained"];
  const options = {
    couplings: await readCouplings(flags.temperature ?? defaultTemperatures),
    samples: readCount("--samples", flags.samples, LEAST_FLOW_SAMPLES, defaultFlow.samples),
    steps: readCount("--steps", flags.steps, 1, defaultFlow.steps),
    referenceSamples: readCount(
      ...(["--reference-samples", flags.referenceSamples, LEAST_REFERENCE] as const),
      defaultFlow.referenceSamples,
    ),
    machines,
  };
  const subject = flowSubject(run, readTrainedLayers(run));
  const folder = flags.out ?? join(run, "flow");
  requireReplaceableAnalysis(folder, "flow", flags.force === true);
  const seed = flags.seed ?? "1";
  await withEnvironment(flags, async ({ kernels, progress }) => {
    let begun = false;
    const analysis = await analyzeFlow(
      subject,
      { ...options, key: seedKey(seed) },
      kernels,
      (done, total, what) => {
        if (!begun) progress.start("flow", total);
        begun = true;
        return progress.update(done, what);
      },
    );
    progress.finish();
    const files = await flowFiles(analysis);
    const inputs = [{ path: run, sha256: null }];
    writeAnalysisFolder(folder, { kind: "flow", seed, inputs, options }, files, { replace: true });
    if (flags.json === true) printJson({ folder, flows: verdicts(analysis) });
    else if (flags.quiet !== true) print(`${describe(analysis)}\nwritten: ${folder}/verdicts.csv, figures/`);
  });
}

/** K = 1/T of every temperature of a list such as `inf,2.0:3.0:0.1`. */
async function readCouplings(text: string): Promise<readonly number[]> {
  const { spreadTemperatures } = await import("./temperature-list.js");
  const { getPath, withPath } = await import("../runs/config/index.js");
  const path = "sample.temperature";
  const couplings = spreadTemperatures(withPath({}, path, text)).map(({ config }) => {
    const value = getPath(config, path);
    if (value === "inf") return 0;
    if (typeof value === "number" && value > 0) return 1 / value;
    throw new UsageError(
      `--temperature ${text}: expected temperatures above 0 or inf, such as inf,3,2.27,2.`,
    );
  });
  if (new Set(couplings).size < 2) {
    throw new UsageError(`--temperature ${text}: a flow needs at least two temperatures.`);
  }
  return couplings;
}

function describe({ flows }: FlowAnalysis): string {
  return flows
    .map(({ machine, kind, verdict }) => {
      const name = kind === "gibbs" ? "v → h → v′" : "layer to layer";
      return `${machine}, ${name}: ${verdict.words}`;
    })
    .join("\n");
}

function verdicts({ flows }: FlowAnalysis): readonly object[] {
  return flows.map(({ machine, kind, verdict }) => ({ machine, flow: kind, ...verdict }));
}

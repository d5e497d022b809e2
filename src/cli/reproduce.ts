import type { Command } from "commander";
import { UsageError } from "../errors/index.js";
import type { MachineFlags } from "./environment.js";
import { addCommonOptions, addMachineOptions, type CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";
import { addStopOptions, type StopFlags } from "./stop-options.js";

interface ReproduceFlags extends CommonFlags, MachineFlags, StopFlags {
  readonly scale: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

const examples = `Examples:
  rbm-rg reproduce mehta-schwab                     40×40, three layers
  rbm-rg reproduce mehta-schwab --scale smoke       a small lattice, under a minute
  rbm-rg reproduce mehta-schwab --scale paper       as printed: 0/1 units, 200 epochs
`;

/** `rbm-rg reproduce`: a packaged study, from sampling to verdicts. */
export function configureReproduce(command: Command): void {
  command
    .argument("<study>", "mehta-schwab")
    .addHelpText("before", examples)
    .option("--scale <name>", "smoke, standard or paper", "standard");
  addMachineOptions(command);
  addStopOptions(command);
  addCommonOptions(command, true);
  command
    .option("-o, --out <folder>", "where to write (default: results/<study>, results/<study>-<scale>)")
    .option("--force", "replace what is there")
    .option("--dry-run", "print the resolved configuration and the memory it takes, compute nothing");
  command.action((name: string, flags: ReproduceFlags) => runReproduce(name, flags));
}

async function runReproduce(name: string, flags: ReproduceFlags): Promise<void> {
  const { scales, studies } = await import("../studies/index.js");
  const scale = scales.find((known) => known === flags.scale);
  if (!Object.hasOwn(studies, name)) {
    throw new UsageError(`there is no study "${name}"; known: ${Object.keys(studies).join(", ")}.`);
  }
  if (scale === undefined) {
    throw new UsageError(`--scale ${flags.scale}: expected one of ${scales.join(", ")}.`);
  }
  const folder = flags.out ?? `results/${name}${scale === "standard" ? "" : `-${scale}`}`;
  const request = { scale, folder, seed: flags.seed ?? null, force: flags.force === true };
  if (flags.dryRun === true) {
    const { packagedConfig } = await import("../studies/packaged-config.js");
    const { dryRun } = await import("./dry-run.js");
    await dryRun(packagedConfig(name, request), folder, flags);
    return;
  }
  const { withStoppableEnvironment } = await import("./environment.js");
  const { claims, highlights } = await withStoppableEnvironment(flags, (environment) =>
    studies[name].run(request, environment),
  );
  if (flags.json === true) {
    printJson({ study: name, scale, folder, claims, highlights });
    return;
  }
  for (const { claim, measured, verdict } of claims)
    print(`${verdict.toUpperCase()}: ${claim}\n    ${measured}`);
  print(`written: ${highlights.join(", ")}`);
}

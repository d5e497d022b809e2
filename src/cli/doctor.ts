import type { Command } from "commander";
import { ResourceError } from "../errors/index.js";
import type { MachineFlags } from "./environment.js";
import type { Check } from "./machine-checks.js";
import { addCommonOptions, addMachineOptions, type CommonFlags } from "./options.js";
import { formatTable, print, printJson } from "./output.js";

type DoctorFlags = CommonFlags & MachineFlags;

const examples = `Examples:
  rbm-rg doctor
  rbm-rg doctor --kernels wasm --threads 4
  rbm-rg doctor --quiet && rbm-rg reproduce mehta-schwab
`;

/** `rbm-rg doctor`: what this machine offers, what the program will use, and whether its kernels compute right. */
export function configureDoctor(command: Command): void {
  command.addHelpText("before", examples);
  addMachineOptions(command);
  addCommonOptions(command, false);
  command.action((flags: DoctorFlags) => runDoctor(flags));
}

async function runDoctor(flags: DoctorFlags): Promise<void> {
  const { machineChecks } = await import("./machine-checks.js");
  const { checkKernels, checkPictures } = await import("./self-test.js");
  const { checkSlurm } = await import("./slurm-check.js");
  const kernels = await checkKernels(flags);
  const checks: readonly Check[] = [
    ...machineChecks(),
    checkSlurm(process.env, kernels.threads),
    ...kernels.checks,
    await checkPictures(),
  ];
  const broken = checks.filter(({ verdict }) => verdict === "broken").map(({ name }) => name);
  const shown = flags.quiet === true ? checks.filter(({ verdict }) => verdict === "broken") : checks;
  if (flags.json === true) printJson({ status: broken.length === 0 ? "ok" : "broken", checks });
  else if (shown.length > 0) {
    print(
      formatTable(
        ["verdict", "check", "found"],
        shown.map(({ verdict, name, found }) => [verdict, name, found]),
      ),
    );
  }
  if (broken.length > 0) {
    throw new ResourceError(
      `${broken.length} of ${checks.length} checks failed: ${broken.join(", ")}; runs will fail here.`,
    );
  }
}

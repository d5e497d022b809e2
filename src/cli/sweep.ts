import type { Command } from "commander";
import { addEventsOption } from "./events-option.js";
import { addCommonOptions } from "./options.js";
import { addStopOptions } from "./stop-options.js";

const examples = `Examples:
  rbm-rg sweep plan configs/temperature-sweep.yaml            what would run, how long, how much memory
  rbm-rg sweep run configs/temperature-sweep.yaml --jobs 2    run what is not finished; again to go on
  rbm-rg sweep status configs/temperature-sweep.yaml --watch
  rbm-rg sweep collect configs/temperature-sweep.yaml > table.csv
  rbm-rg sweep slurm configs/temperature-sweep.yaml --partition cpu --time 02:00:00 --submit
`;

/** `rbm-rg sweep`: many runs around one configuration, planned once, run here or on a cluster. */
export function configureSweep(command: Command): void {
  command.addHelpText("before", examples).usage("<plan|run|task|list|status|collect|slurm> <config>");
  subcommand(command, "plan", "check every task, write plan.json, say what would run and why")
    .option("--extend", "append the new tasks of a changed file to the plan; planned ones stay")
    .option("--dry-run", "check and show the tasks; write nothing")
    .action(async (file: string, flags: object) => (await import("./sweep-plan.js")).runPlan(file, flags));
  const run = machine(subcommand(command, "run", "run every task that is not finished"), "--threads-per-job")
    .option("-j, --jobs <n>", "tasks at a time (default: processors / threads per job)")
    .option("--keep-going", "go on with other tasks after one has failed")
    .option("--retry <n>", "try a failed task again, so many times (default: 0)")
    .option("--dry-run", "check and show the tasks, how long they take and how much memory; compute nothing");
  addStopOptions(run);
  addEventsOption(run);
  run.action(async (file: string, flags: object) => (await import("./sweep-run.js")).runRun(file, flags));
  const task = machine(subcommand(command, "task", "run one task and exit with its exit code"), "--threads")
    .argument("[id]", "the task's id or the start of it")
    .option("--index <n>", "the task's place in the plan, from 0")
    .option("--retry <n>", "try again if it fails, so many times (default: 0)");
  addStopOptions(task);
  addEventsOption(task);
  task.action(async (file: string, id: string | undefined, flags: object) =>
    (await import("./sweep-task.js")).runOneTask(file, id, flags),
  );
  subcommand(command, "list", "print one task per line: index, id, folder")
    .option("--commands", "print a shell command that runs the task instead")
    .option("--pending", "only tasks that are not done")
    .action(async (file: string, flags: object) => (await import("./sweep-plan.js")).runList(file, flags));
  subcommand(command, "status", "say what every task is at, while the sweep runs or after")
    .option("--watch", "show it again every two seconds until all is done")
    .action(async (file: string, flags: object) =>
      (await import("./sweep-status.js")).runStatus(file, flags),
    );
  subcommand(command, "collect", "print one CSV row per finished run, the varied keys first").action(
    async (file: string, flags: object) => (await import("./sweep-status.js")).runCollect(file, flags),
  );
  machine(subcommand(command, "slurm", "write batch scripts for a cluster with SLURM"), "--threads")
    .option("--submit", "submit them with sbatch")
    .option("--dry-run", "check and show the tasks; write and submit nothing")
    .option("--partition <name>", "the partition (default: the cluster's)")
    .option(
      "--time <hh:mm:ss>",
      "time limit of an element, which goes on in a new job after it (default: from the estimate)",
    )
    .option("--array-limit <n>", "elements at a time (default: no limit)")
    .option(
      "--tasks-per-element <n>",
      "tasks that an element of the array runs, one after another (default: as few as make 1000 elements)",
    )
    .option(
      "--checkpoint-every <interval>",
      "of each task: a number of epochs, or 30s, 10m, 1h (default: 5m)",
    )
    .action(async (file: string, flags: object) => (await import("./sweep-slurm.js")).runSlurm(file, flags));
}

/** What the help of each subcommand begins with. */
const usages: Readonly<Record<string, readonly string[]>> = {
  plan: ["plan s.yaml", "plan s.yaml --extend", "plan s.yaml --json"],
  run: ["run s.yaml", "run s.yaml --jobs 2 --threads-per-job 4 --keep-going --retry 1"],
  task: ["task s.yaml 1175ef23", "task s.yaml --index 3 --time-limit 01:55:00"],
  list: ["list s.yaml", "list s.yaml --commands --pending | parallel -j 4"],
  status: ["status s.yaml", "status s.yaml --watch"],
  collect: ["collect s.yaml > table.csv"],
  slurm: ["slurm s.yaml --partition cpu --time 02:00:00 --array-limit 50", "slurm s.yaml --submit"],
};

function subcommand(command: Command, name: string, description: string): Command {
  const lines = usages[name].map((usage) => `  rbm-rg sweep ${usage}\n`);
  const sub = command
    .command(name)
    .description(description)
    .addHelpText("before", `Examples:\n${lines.join("")}`)
    .argument("<config>", "the sweep's YAML file")
    .option("--scale <name>", "one of the scales that the file defines")
    .option("-o, --out <folder>", "the sweep's folder (default: results/<name>)");
  addCommonOptions(sub, false);
  return sub;
}

function machine(command: Command, threads: string): Command {
  return command
    .option(`${threads} <n>`, "threads of each task (default: 1); no result depends on it")
    .option("--kernels <name>", "auto, wasm or reference (default: auto, wasm where it runs)");
}

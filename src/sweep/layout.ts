import { join } from "node:path";

/** Where everything lies inside a sweep's folder. `id` is a task's, `hash` a shared dataset's. */
export const sweepLayout = {
  plan: (sweep: string) => join(sweep, "plan.json"),
  planLock: (sweep: string) => join(sweep, "locks", "plan.lock"),
  runs: (sweep: string) => join(sweep, "runs"),
  run: (sweep: string, id: string) => join(sweep, "runs", id),
  tasks: (sweep: string) => join(sweep, "tasks"),
  taskConfig: (sweep: string, id: string) => join(sweep, "tasks", `${id}.yaml`),
  logs: (sweep: string) => join(sweep, "logs"),
  log: (sweep: string, id: string) => join(sweep, "logs", `${id}.log`),
  events: (sweep: string, id: string) => join(sweep, "logs", `${id}.ndjson`),
  failures: (sweep: string) => join(sweep, "failures"),
  failure: (sweep: string, id: string) => join(sweep, "failures", `${id}.json`),
  locks: (sweep: string) => join(sweep, "locks"),
  taskLock: (sweep: string, id: string) => join(sweep, "locks", `${id}.lock`),
  data: (sweep: string) => join(sweep, "data"),
  dataset: (sweep: string, hash: string) => join(sweep, "data", hash),
  datasetConfig: (sweep: string, hash: string) => join(sweep, "data", `${hash}.yaml`),
  datasetLog: (sweep: string, hash: string) => join(sweep, "logs", `data-${hash}.log`),
  datasetLock: (sweep: string, hash: string) => join(sweep, "locks", `data-${hash}.lock`),
  slurm: (sweep: string) => join(sweep, "slurm"),
} as const;

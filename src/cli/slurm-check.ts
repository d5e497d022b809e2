import { spawnSync } from "node:child_process";
import { systemErrorCode } from "../io/system-error.js";
import type { Check } from "./machine-checks.js";
import { formatBytes } from "./output.js";

/** Milliseconds that sbatch is given to tell its version; a controller that is down can make it wait for minutes. */
const PATIENCE = 5000;

const MEBIBYTE = 2 ** 20;

/**
 * SLURM: whether jobs can be submitted from here and, inside of one, whether the threads that will be used are those it was
 * given. `threads` is null where no kernels could be opened.
 */
export function checkSlurm(env: NodeJS.ProcessEnv, threads: number | null): Check {
  const submission = findSbatch(env);
  const job = env["SLURM_JOB_ID"] === undefined ? null : describeJob(env["SLURM_JOB_ID"], env, threads);
  return {
    name: "SLURM",
    verdict: submission.fine && job?.fine !== false ? "ok" : "remark",
    found: [...(job === null ? [] : [job.text]), submission.text].join("; "),
  };
}

interface Finding {
  readonly text: string;
  readonly fine: boolean;
}

function findSbatch(env: NodeJS.ProcessEnv): Finding {
  const { error, status, stdout, stderr } = spawnSync("sbatch", ["--version"], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: PATIENCE,
    killSignal: "SIGKILL",
    windowsHide: true,
  });
  const code = systemErrorCode(error);
  if (code === "ENOENT")
    return { text: "no sbatch here, which only rbm-rg sweep slurm --submit needs", fine: true };
  if (code === "ETIMEDOUT") {
    return {
      text: `sbatch does not answer within ${PATIENCE / 1000} s; ask whether the cluster is up`,
      fine: false,
    };
  }
  const [line = ""] = (stdout || stderr || (error?.message ?? "")).trim().split("\n");
  const said = line.replace(/^sbatch: (error: )?/, "");
  if (error !== undefined || status !== 0) {
    return {
      text: `sbatch fails: ${said || `exit code ${String(status)}`}; jobs cannot be submitted from here, try a login node`,
      fine: false,
    };
  }
  return { text: `${said || "sbatch"}: jobs can be submitted from here`, fine: true };
}

/** What a job was given, and whether that suffices for the threads. */
function describeJob(id: string, env: NodeJS.ProcessEnv, threads: number | null): Finding {
  const count = (name: string): number | null => {
    const text = env[name] ?? "";
    return /^[1-9]\d*$/.test(text) ? Number(text) : null;
  };
  const cpus = count("SLURM_CPUS_PER_TASK") ?? count("SLURM_CPUS_ON_NODE");
  const perCpu = count("SLURM_MEM_PER_CPU");
  const memory = count("SLURM_MEM_PER_NODE") ?? (perCpu === null || cpus === null ? null : perCpu * cpus);
  const given = [
    ...(cpus === null ? [] : [`${cpus} CPU${cpus === 1 ? "" : "s"}`]),
    ...(memory === null ? [] : [`${formatBytes(memory * MEBIBYTE)} of memory`]),
  ];
  const text = `job ${id}${given.length === 0 ? "" : ` with ${given.join(" and ")}`}`;
  if (cpus === null || threads === null || threads <= cpus) return { text, fine: true };
  return {
    text: `${text}, on which ${threads} threads would wait for one another: take --threads ${cpus}, or ask SLURM for --cpus-per-task=${threads}`,
    fine: false,
  };
}

import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { systemErrorCode } from "./system-error.js";

/** What tells a process from every other one, also from a later one that was given the same number. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** The boot of the machine, where the system names it (Linux). */
  readonly boot: string | null;
  /** When the process started, in clock ticks since the boot, where the system tells (Linux). */
  readonly ticks: number | null;
}

/** This process. */
export function ownProcess(): ProcessIdentity {
  const { pid } = process;
  return { host: hostname(), pid, boot: bootId(), ticks: processStatus(pid)?.ticks ?? null };
}

/** Whether a process still runs; `elsewhere` if it belongs to another host, where this cannot be seen. */
export function processState(other: ProcessIdentity): "alive" | "dead" | "elsewhere" {
  const own = ownProcess();
  if (other.host !== own.host) return "elsewhere";
  if (other.boot !== null && own.boot !== null && other.boot !== own.boot) return "dead";
  if (!exists(other.pid)) return "dead";
  const status = processStatus(other.pid);
  if (status === null) return "alive";
  // A zombie has ended; its parent has only not asked how.
  if (status.state === "Z" || status.state === "X") return "dead";
  return other.ticks !== null && other.ticks !== status.ticks ? "dead" : "alive";
}

/** What is to be done when the process ends. */
const endings = new Set<() => void>();

function end(): void {
  for (const work of endings) work();
}

/** Have `work` done when the process ends by itself or by process.exit. Returns how to call that off. */
export function atExit(work: () => void): () => void {
  endings.add(work);
  // One listener for all: Node warns of many.
  if (endings.size === 1) process.on("exit", end);
  return () => {
    if (endings.delete(work) && endings.size === 0) process.off("exit", end);
  };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not allowed to send it signals: it is somebody else's, and there.
    return systemErrorCode(error) === "EPERM";
  }
}

function bootId(): string | null {
  return contentOf("/proc/sys/kernel/random/boot_id")?.trim() ?? null;
}

/** State letter and start time from /proc/<pid>/stat; its second field, the command in parentheses, may hold anything. */
function processStatus(pid: number): { readonly state: string; readonly ticks: number } | null {
  const stat = contentOf(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0], ticks: Number(fields[19]) };
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

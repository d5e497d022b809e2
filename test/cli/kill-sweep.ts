import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { start } from "./kills.js";
import { rbmRg } from "./run.js";

/** What of a sweep is killed: the scheduler alone, whose children then stop by themselves; all of them; or one child. */
const victims = ["scheduler", "everything", "child"] as const;

/** Kills that hit. */
export type KilledSweep = Readonly<Record<(typeof victims)[number], number>>;

/** Longest time before a kill, in milliseconds. */
const LONGEST = 4000;

/**
 * Run `sweep run` in a folder of `folders` and kill it (SIGKILL) or its children, at a moment drawn at random; and again,
 * until `count` kills have hit; then let it finish. Once it has finished, `onFinished` is called, and it begins anew in
 * the next folder.
 */
export async function killSweep(
  folders: () => string,
  args: readonly string[],
  count: number,
  seed: string,
  onFinished: (folder: string) => void,
): Promise<KilledSweep> {
  const stream = new RandomStream(seedKey(seed));
  const kills = { scheduler: 0, everything: 0, child: 0 };
  let folder = folders();
  for (let hits = 0; ;) {
    const victim = hits < count ? victims[Math.floor(stream.nextUniform() * victims.length)] : null;
    const { child, ended } = start(folder, "sweep", "run", ...args);
    if (victim !== null) {
      await Promise.race([ended, sleep(Math.round(stream.nextUniform() * LONGEST))]);
      if (kill(child.pid!, victim)) {
        kills[victim]++;
        hits++;
      }
    }
    const { status, signal, stderr } = await ended;
    // 2: the child that was killed. Children of schedulers killed before are waited for.
    const expected = victim === "child" ? [0, 2] : [0];
    if (signal !== "SIGKILL" && !expected.includes(status!))
      throw new Error(`exit code ${String(status)}: ${stderr}`);
    if (!isDone(folder, args)) {
      if (status === 0) throw new Error(`exit code 0, and not all tasks are done: ${stderr}`);
      continue;
    }
    const last = rbmRg(folder, "sweep", "run", ...args);
    if (last.status !== 0) throw new Error(`exit code ${String(last.status)}: ${last.stderr}`);
    onFinished(folder);
    if (victim === null) return kills;
    folder = folders();
  }
}

/** Kill what was chosen, if it is there: whether anything was. */
function kill(scheduler: number, victim: (typeof victims)[number]): boolean {
  const children = childrenOf(scheduler);
  const targets = {
    scheduler: [scheduler],
    everything: [scheduler, ...children],
    child: children.slice(0, 1),
  };
  let hit = false;
  for (const pid of targets[victim]) hit = send(pid === scheduler ? pid : -pid) || hit;
  return hit;
}

/** Kill a process, or a process group (negative). */
function send(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false; // it has just ended
  }
}

/** The processes whose parent this is, as Linux lists them. */
export function childrenOf(parent: number): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent;
      } catch {
        return false; // it has just ended
      }
    });
}

function isDone(folder: string, [file]: readonly string[]): boolean {
  const { status, stdout } = rbmRg(folder, "sweep", "status", file, "--json");
  if (status === 66) return false; // killed before it was planned
  const { total, done } = JSON.parse(stdout) as { readonly total: number; readonly done: number };
  return done === total;
}

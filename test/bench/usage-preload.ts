import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

// Loaded before the program (`node --import`): at exit, writes its peak memory to the file named by the environment.
const file = process.env["RBM_RG_BENCH_USAGE"];
if (isMainThread && file !== undefined) {
  process.on("exit", () => {
    writeFileSync(file, JSON.stringify({ peakMegabytes: peakMegabytes() }));
  });
}

/** High-water mark of this program's own memory; maxRSS may also count the parent's at the fork. */
function peakMegabytes(): number {
  try {
    const line = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
    if (line !== null) return Number(line[1]) / 1024;
  } catch {
    // not Linux
  }
  return process.resourceUsage().maxRSS / 1024;
}

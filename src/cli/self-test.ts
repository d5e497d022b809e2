import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import { ResourceError } from "../errors/index.js";
import { type Kernels, referenceKernels } from "../kernels/index.js";
import { wasmObstacle } from "../kernels/wasm/index.js";
import { MAX_PAGES } from "../kernels/wasm/memory.js";
import { threefry2x32 } from "../random/index.js";
import { flaggedKernels, type MachineFlags } from "./environment.js";
import { compareRbm, latticesAgree, RBM_TOLERANCE } from "./kernel-comparison.js";
import type { Check } from "./machine-checks.js";
import { formatBytes } from "./output.js";

/** Bytes of a page of WebAssembly memory. */
const PAGE = 65536;

/** Milliseconds that helping threads are given to start, or to fail. */
const THREAD_START = 100;

/** Threefry-2x32-20 of a counter under a key, from the known-answer file of Random123. */
const KNOWN_ANSWER = {
  key: [0x13198a2e, 0x03707344],
  counter: [0x243f6a88, 0x85a308d3],
  block: [0xc4923a9c, 0x483df7a0],
} as const;

/** What is found of kernels. */
interface KernelDiagnosis {
  readonly checks: readonly Check[];
  /** Threads they run on; null where none could be opened. */
  readonly threads: number | null;
}

/** The kernels that the flags choose: which, where they run, and whether they compute what the reference does. */
export async function checkKernels(flags: MachineFlags): Promise<KernelDiagnosis> {
  const random = checkRandomNumbers();
  let kernels: Kernels;
  try {
    kernels = flaggedKernels(flags);
  } catch (error) {
    if (!(error instanceof ResourceError)) throw error;
    return { checks: [{ name: "kernels", verdict: "broken", found: error.message }, random], threads: null };
  }
  try {
    const own = kernels === referenceKernels ? [] : await checkWasm(kernels);
    return { checks: [...chosenKernels(kernels, flags), ...own, random], threads: kernels.threads };
  } finally {
    kernels.close();
  }
}

function chosenKernels({ name, threads }: Kernels, flags: MachineFlags): readonly Check[] {
  const obstacle = wasmObstacle() ?? "this system refuses shared memory";
  const slow = name === "reference" && flags.kernels !== "reference";
  return [
    {
      name: "kernels",
      verdict: slow ? "remark" : "ok",
      found: `${name} (--kernels ${flags.kernels ?? "auto"})${slow ? `: ${obstacle}; runs are many times slower` : ""}`,
    },
    {
      name: "threads",
      verdict: "ok",
      found: `${threads} (--threads ${flags.threads ?? "auto"}) on ${availableParallelism()} processors`,
    },
  ];
}

async function checkWasm(kernels: Kernels): Promise<readonly Check[]> {
  return [checkSharedMemory(kernels), await checkRbmKernels(kernels), await checkLatticeKernels(kernels)];
}

/** How large a shared memory may become here; it must name its limit when it is made. */
function checkSharedMemory(kernels: Kernels): Check {
  for (let maximum = MAX_PAGES; maximum >= 1; maximum /= 2) {
    try {
      new WebAssembly.Memory({ initial: 1, maximum, shared: true });
    } catch {
      continue;
    }
    const full = maximum === MAX_PAGES;
    return {
      name: "shared memory",
      verdict: full ? "ok" : "remark",
      found: `the kernels may take up to ${formatBytes(maximum * PAGE)}${full ? "" : "; limited by this system"}`,
    };
  }
  // The kernels have theirs already; there is no room for another one, which no run needs.
  const enough = kernels.name === "wasm";
  return {
    name: "shared memory",
    verdict: enough ? "remark" : "broken",
    found: enough ? "enough for one run at a time; limited by this system" : "none can be had",
  };
}

/** Twice: the first step wakes the helping threads, the second one is shared with them. */
function checkRbmKernels(kernels: Kernels): Promise<Check> {
  return guarded("RBM kernels", async () => {
    const alone = compareRbm(kernels, referenceKernels);
    if (kernels.threads > 1) await setTimeout(THREAD_START);
    const difference = Math.max(alone, compareRbm(kernels, referenceKernels));
    const equal = difference <= RBM_TOLERANCE;
    return {
      verdict: equal ? "ok" : "broken",
      found:
        `a CD step differs from the reference by ${difference.toExponential(0)}, ` +
        `${equal ? "at most" : "more than"} ${RBM_TOLERANCE}`,
    };
  });
}

function checkLatticeKernels(kernels: Kernels): Promise<Check> {
  return guarded("lattice kernels", () => {
    const equal = latticesAgree(kernels, referenceKernels);
    return {
      verdict: equal ? "ok" : "broken",
      found: `all four updates ${equal ? "equal" : "differ from"} the reference${equal ? ", bit for bit" : ""}`,
    };
  });
}

/** Whatever a kernel or native code throws is what the check has found. */
async function guarded(
  name: string,
  look: () => Omit<Check, "name"> | Promise<Omit<Check, "name">>,
): Promise<Check> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return { name, verdict: "broken", found: `failed: ${reason}` };
  }
}

function checkRandomNumbers(): Check {
  const { key, counter, block } = KNOWN_ANSWER;
  const out = new Uint32Array(2);
  threefry2x32(key[0], key[1], counter[0], counter[1], out);
  const right = out[0] === block[0] && out[1] === block[1];
  return {
    name: "random numbers",
    verdict: right ? "ok" : "broken",
    found: `Threefry-2x32-20 ${right ? "gives" : "does not give"} its published answer`,
  };
}

/** Draw one dot: the drawing library is native code and needs its font. */
export function checkPictures(): Promise<Check> {
  return guarded("pictures", async () => {
    const { svgToPng } = await import("../report/figures/render.js");
    await svgToPng('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', 1);
    return { verdict: "ok", found: "SVG can be drawn as PNG" };
  });
}

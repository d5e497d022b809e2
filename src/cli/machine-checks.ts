import { freemem, totalmem } from "node:os";
import { RbmRgError } from "../errors/index.js";
import { requireWritable } from "../io/index.js";
import { formatBytes } from "./output.js";

/** One thing looked at: `remark` if runs work but could be better off, `broken` if they will fail. */
export interface Check {
  readonly name: string;
  readonly verdict: "ok" | "remark" | "broken";
  /** What was found, for people. */
  readonly found: string;
}

const OLDEST_NODE = 20;

/** The smallest run takes some 150 MiB; see experiment/memory-estimate.ts. */
const LEAST_MEMORY = 150 * 2 ** 20;

/** What the machine offers, before anything is computed. */
export function machineChecks(): readonly Check[] {
  return [checkNode(), checkMemory(), checkFolder()];
}

function checkNode(): Check {
  const { node } = process.versions;
  const fresh = Number(node.split(".")[0]) >= OLDEST_NODE;
  return {
    name: "Node.js",
    verdict: fresh ? "ok" : "broken",
    found: fresh ? node : `${node}; install ${OLDEST_NODE} or later`,
  };
}

function checkMemory(): Check {
  const limit = process.constrainedMemory();
  // Without a limit the system names none, or more than there is.
  const limited = limit > 0 && limit < totalmem();
  const free = limited ? Math.min(freemem(), limit - process.memoryUsage.rss()) : freemem();
  const enough = free >= LEAST_MEMORY;
  return {
    name: "memory",
    verdict: enough ? "ok" : "broken",
    found:
      `${formatBytes(free)} free of ${formatBytes(totalmem())}` +
      (limited ? `, this process limited to ${formatBytes(limit)}` : "") +
      (enough ? "" : `; a run takes at least ${formatBytes(LEAST_MEMORY)}`),
  };
}

function checkFolder(): Check {
  const folder = process.cwd();
  try {
    requireWritable(folder);
    return { name: "folder", verdict: "ok", found: `${folder} can be written` };
  } catch (error) {
    if (!(error instanceof RbmRgError)) throw error;
    return { name: "folder", verdict: "broken", found: error.message };
  }
}

import { statfsSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import { RbmRgError } from "../errors/index.js";
import { requireWritable } from "../io/index.js";
import { formatBytes } from "./output.js";
import { terminalStyle, type TextSink } from "./terminal.js";

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

/** Bytes that the smallest run writes, and those that let a study of full size begin. */
const [LEAST_DISK, AMPLE_DISK] = [10 * 2 ** 20, 2 ** 30];

/** Tables are wider than narrower terminals. */
const AMPLE_COLUMNS = 80;

/** What the machine offers, before anything is computed. */
export function machineChecks(): readonly Check[] {
  return [
    checkNode(),
    checkMemory(),
    checkFolder(),
    checkDisk(process.cwd()),
    checkTerminal(process.env, process.stdout),
  ];
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

/** Free space for results under a folder. File systems that are not on a disk have no size, and what is full of them is nothing. */
export function checkDisk(folder: string, read: typeof statfsSync = statfsSync): Check {
  const { blocks, bavail, bsize } = read(folder);
  if (blocks === 0) return { name: "disk", verdict: "ok", found: `the file system of ${folder} has no size` };
  const free = bavail * bsize;
  const found = `${formatBytes(free)} free of ${formatBytes(blocks * bsize)} for ${folder}`;
  if (free >= AMPLE_DISK) return { name: "disk", verdict: "ok", found };
  const broken = free < LEAST_DISK;
  const advice = broken ? "runs need room" : "large studies need more";
  return {
    name: "disk",
    verdict: broken ? "broken" : "remark",
    found: `${found}; ${advice}: make some, or choose another disk with -o`,
  };
}

/** How text is shown. What is written to a file or pipe is as good as any. */
export function checkTerminal(env: NodeJS.ProcessEnv, stdout: TextSink): Check {
  const { columns, colors, unicode } = terminalStyle("auto", env, stdout);
  const shown =
    `${columns} columns, ${colors === "none" ? "no colours" : `${colors} colours`}, ` +
    (unicode ? "UTF-8" : "ASCII only");
  if (stdout.isTTY !== true) {
    return { name: "terminal", verdict: "ok", found: `output goes to a file or pipe: ${shown}` };
  }
  const advice = [
    ...(columns < AMPLE_COLUMNS ? [`tables are wider, make it ${AMPLE_COLUMNS} columns`] : []),
    ...(colors === "none" && (env["NO_COLOR"] ?? "") === ""
      ? ["for colours set TERM=xterm-256color if the terminal has them"]
      : []),
    ...(unicode ? [] : ["for symbols and sharper previews set LANG=C.UTF-8 or another locale of UTF-8"]),
  ];
  return {
    name: "terminal",
    verdict: advice.length === 0 ? "ok" : "remark",
    found: [shown, ...advice].join("; "),
  };
}

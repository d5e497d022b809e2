import { cpus, totalmem } from "node:os";
import type { Program } from "./program.js";
import type { Toolbox } from "./toolbox.js";

/** The machine and everything on it that the figures depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly platform: string;
  /** Of the minute before the bench started: at 0 nothing else ran. */
  readonly load: number;
  readonly node: string;
  readonly kernels: string;
  readonly peers: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
}

/** Ask after the peers were looked for. */
export function describeMachine(program: Program, tools: Toolbox, cores: number, load: number): Machine {
  const kernels = program.openKernels("auto", 1);
  const { name } = kernels;
  kernels.close();
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    load,
    node: process.version,
    kernels: name,
    peers: Object.fromEntries(tools.versions),
    missing: [...tools.missing],
  };
}

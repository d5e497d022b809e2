import { spawn } from "node:child_process";
import { appendFileSync, closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { explainWriting } from "../io/output-failure.js";
import type { Child, ChildEnd, Machine, StopRequest, StopSignal } from "../sweep/index.js";
import { scheduledEnvironment } from "./scheduler.js";

/** The file that starts this program. */
export const programFile = fileURLToPath(new URL("../../bin/rbm-rg.js", import.meta.url));

/** Milliseconds after which a child has set up its handlers of signals. */
const DEAF = 1500;

/** This machine: its clock, and child processes that run this program. */
export const localMachine: Machine = {
  timestamp: () => new Date().toISOString(),
  launch,
};

/**
 * A child has a process group of its own: Ctrl-C on the terminal reaches this process alone, which passes it on once. If
 * this process is killed, the child hears of it through the channel between them, and stops. What it prints goes to the log.
 */
function launch(args: readonly string[], log: string): Child {
  const output = explainWriting(log, () => openSync(log, "a"));
  const started = performance.now();
  const child = spawn(process.execPath, [programFile, ...args], {
    stdio: ["ignore", output, output, "ipc"],
    detached: true,
    env: scheduledEnvironment(),
  });
  closeSync(output);
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once("error", (error) => {
      try {
        appendFileSync(log, `rbm-rg: cannot start the task: ${error.message}\n`);
      } catch {
        // A full disk; that the task failed is told all the same.
      }
      resolve({ code: 1, signal: null });
    });
    child.once("exit", (code, signal) => {
      resolve({ code, signal });
    });
  });
  return {
    ended,
    kill(signal) {
      // Until it handles USR1 itself, Node takes it as a wish for its debugger.
      const delay = signal === "SIGUSR1" ? Math.max(0, started + DEAF - performance.now()) : 0;
      if (delay === 0) child.kill(signal);
      else setTimeout(() => child.kill(signal), delay).unref();
    },
  };
}

const heard: Readonly<Record<string, StopSignal>> = {
  SIGINT: "SIGINT",
  SIGTERM: "SIGTERM",
  SIGHUP: "SIGTERM",
  SIGUSR1: "SIGUSR1",
};

/** Do something during which signals are requests to stop; `note` tells the user of the first. */
export async function withSignals<T>(
  stop: StopRequest,
  note: (message: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const listeners = Object.entries(heard).map(([name, signal]) => {
    const listener = (): void => {
      if (stop.signal === null) note(`${name}: stopping; tasks that run save what they have.`);
      stop.request(signal);
    };
    process.on(name, listener);
    return [name, listener] as const;
  });
  try {
    return await work();
  } finally {
    for (const [name, listener] of listeners) process.off(name, listener);
  }
}

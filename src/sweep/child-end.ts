import { existsSync } from "node:fs";
import { readText } from "../io/index.js";
import type { ChildEnd, StopSignal } from "./machine.js";

/** Exit codes of a command that stopped because it was asked to, and can go on: 75 also at its time limit. */
const INTERRUPTED: readonly number[] = [75, 130, 143];

/** Exit codes of input that is wrong: trying again gives the same. */
const HOPELESS: readonly number[] = [64, 65, 66, 78];

/** The exit code that belongs to each signal. */
export const stopCodes: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGUSR1: 75 };

/** Bytes of a log that are searched for the reason of a failure. */
const TAIL = 4000;

/** What became of a command, or of the work that several make. */
export type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "interrupted"; readonly code: number }
  | {
      readonly kind: "failed";
      readonly code: number;
      readonly how: string;
      /** Where the child has said why. */
      readonly log: string;
      /** Whether trying again would give the same. */
      readonly hopeless: boolean;
    };

/** What the end of a child means that wrote to `log`. */
export function endingOf({ code, signal }: ChildEnd, log: string): Ending {
  if (code === 0) return { kind: "done" };
  if (signal === "SIGINT" || signal === "SIGTERM") return { kind: "interrupted", code: stopCodes[signal] };
  if (code !== null && INTERRUPTED.includes(code)) return { kind: "interrupted", code };
  if (code !== null)
    return { kind: "failed", code, how: `exit code ${code}`, log, hopeless: HOPELESS.includes(code) };
  const guess = signal === "SIGKILL" ? ", perhaps for want of memory" : "";
  return {
    kind: "failed",
    code: 1,
    how: `killed by ${signal ?? "an unknown signal"}${guess}`,
    log,
    hopeless: false,
  };
}

/** What a log says last: the last message of this program in it, else its last line. */
export function lastWords(log: string): string {
  if (!existsSync(log)) return "";
  const lines = readText(log)
    .slice(-TAIL)
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("# "));
  const own = lines.filter((line) => line.startsWith("rbm-rg: ")).at(-1);
  return (own ?? lines.at(-1) ?? "").replace(/^rbm-rg: /, "").replace(/\.$/, "");
}

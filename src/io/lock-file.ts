import { createHash, randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { ownProcess, type ProcessIdentity, processState } from "./processes.js";
import { systemErrorCode } from "./system-error.js";

/**
 * Milliseconds after which a process on another host that has given no sign of life is taken for dead: its end cannot be
 * seen, and its clock may differ by a minute or two.
 */
const SILENCE = 300_000;

/** Who holds a lock. */
export interface LockHolder {
  readonly host: string;
  /** 0 if the file does not say. */
  readonly pid: number;
  /** When it took the lock, as it wrote it. */
  readonly started: string;
  /** Whether it runs where its end cannot be seen: on another host, or nobody knows where. */
  readonly elsewhere: boolean;
  /** When it last gave a sign of life, in milliseconds since 1970. */
  readonly heard: number;
}

/** A lock on disk. */
export interface FoundLock {
  /** What tells it from every other one. */
  readonly content: string;
  readonly holder: LockHolder;
  /** Whether its holder has ended or, on another host, been silent for five minutes. */
  readonly stale: boolean;
}

/** What a lock of this process says; no other has the same content. `started` is the time of day. */
export function lockContent(started: string): string {
  return `${JSON.stringify({ ...ownProcess(), started, nonce: lockNonce() })}\n`;
}

/** Something that no other process comes up with. */
export function lockNonce(): string {
  return randomBytes(6).toString("hex");
}

/** A name for a lock by its content. */
export function lockDigest(content: string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}

/** The lock at `path`, null if there is none. */
export function readLock(path: string): FoundLock | null {
  try {
    const content = readFileSync(path, "utf8");
    return describe(content, statSync(path).mtimeMs);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    throw error;
  }
}

/** Seconds until the lock of a silent holder on another host expires. */
export function expiresIn({ heard }: LockHolder): number {
  return Math.max(0, Math.ceil((heard + SILENCE - Date.now()) / 1000));
}

function describe(content: string, heard: number): FoundLock {
  const found = parse(content);
  const state = found === null ? "elsewhere" : processState(found);
  const elsewhere = state === "elsewhere";
  const { host, pid, started } = found ?? { host: "an unknown host", pid: 0, started: "" };
  return {
    content,
    holder: { host, pid, started, elsewhere, heard },
    stale: state === "dead" || (elsewhere && Date.now() - heard > SILENCE),
  };
}

/** Null for anything but a lock: where there are no hard links, a new one is empty for a moment. */
function parse(content: string): (ProcessIdentity & { readonly started: string }) | null {
  let found: Readonly<Record<string, unknown>> | null;
  try {
    found = JSON.parse(content) as Readonly<Record<string, unknown>> | null;
  } catch {
    return null;
  }
  const { host, pid, boot, ticks, started } = found ?? {};
  if (typeof host !== "string" || !Number.isSafeInteger(pid) || (pid as number) < 1) return null;
  return {
    host,
    pid: pid as number,
    boot: typeof boot === "string" ? boot : null,
    ticks: typeof ticks === "number" ? ticks : null,
    started: typeof started === "string" ? started : "an unknown time",
  };
}

import { spawnSync } from "node:child_process";
import { utimesSync, writeFileSync } from "node:fs";
import { ownProcess } from "../../src/io/processes.js";

/** A process number that belonged to a process that has ended. */
export function deadProcess(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

/** Write a lock as another process would have, that many seconds ago. */
export function plantLock(path: string, changes: object, secondsAgo = 0): void {
  writeFileSync(path, JSON.stringify({ ...ownProcess(), started: "some time", nonce: "x", ...changes }));
  hearLock(path, secondsAgo);
}

/** Let the holder of a lock give a sign of life. */
export function hearLock(path: string, secondsAgo = 0): void {
  const time = Date.now() / 1000 - secondsAgo;
  utimesSync(path, time, time);
}

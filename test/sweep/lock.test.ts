import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isHeld, tryLock } from "../../src/io/lock.js";
import { StopRequest } from "../../src/sweep/index.js";
import { withLock } from "../../src/sweep/lock.js";
import { temporaryFolder } from "../io/temporary.js";
import { TestMachine } from "./sweeps.js";

describe("work under a lock", () => {
  it("is done by one worker at a time; waiting ones go when they are asked to stop", async () => {
    const machine = new TestMachine();
    const path = join(temporaryFolder(), "a.lock");
    let [inside, most] = [0, 0];
    const work = async (): Promise<number> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 10));
      return --inside;
    };
    const stop = new StopRequest();
    expect(await Promise.all([1, 2, 3].map(() => withLock(path, machine, stop, work)))).toEqual([0, 0, 0]);
    expect(most).toBe(1);
    const lock = tryLock(path, machine.timestamp());
    const waiting = withLock(path, machine, stop, work);
    stop.request("SIGTERM");
    expect(await waiting).toBeNull();
    if (isHeld(lock)) lock.release();
  });
});

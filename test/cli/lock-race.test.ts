import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { deadProcess, plantLock } from "../io/locks.js";
import { contentsOf, temporaryFolder } from "../io/temporary.js";
import { root } from "./run.js";

const CONTENDERS = 4;
const ROUNDS = 300;

/** Tries to take the lock of every round, all contenders at the same moment, and reports which it got. */
const contender = `
import { parentPort, workerData } from "node:worker_threads";
const { lock, folder, shared, contenders, rounds } = workerData;
const { isHeld, tryLock } = await import(lock);
const arrived = new Int32Array(shared);
const won = [];
for (let round = 0; round < rounds; round++) {
  Atomics.add(arrived, round, 1);
  Atomics.notify(arrived, round);
  for (let count; (count = Atomics.load(arrived, round)) < contenders; ) Atomics.wait(arrived, round, count);
  if (isHeld(tryLock(folder + "/" + round + "/lock", "now"))) won.push(round);
}
parentPort.postMessage(won);
`;

it(`one only of ${CONTENDERS} gets each of ${ROUNDS} locks that are free, stale, or stale while being replaced`, async () => {
  const folder = temporaryFolder();
  const pid = deadProcess();
  for (let round = 0; round < ROUNDS; round++) {
    const path = join(folder, String(round), "lock");
    mkdirSync(join(path, ".."));
    if (round % 5 > 0) plantLock(path, { pid, ticks: null, nonce: round });
  }
  const shared = new SharedArrayBuffer(4 * ROUNDS);
  const lock = pathToFileURL(join(root, "dist", "io", "lock.js")).href;
  const workerData = { lock, folder, shared, contenders: CONTENDERS, rounds: ROUNDS };
  const file = join(folder, "contender.mjs");
  writeFileSync(file, contender);
  const winners = await Promise.all(
    Array.from({ length: CONTENDERS }, async () => {
      const worker = new Worker(file, { workerData });
      const won = await new Promise<readonly number[]>((resolve, reject) => {
        worker.once("error", reject).once("message", resolve);
      });
      await once(worker, "exit");
      return won;
    }),
  );
  const counts = Array.from(
    { length: ROUNDS },
    (_, round) => winners.filter((won) => won.includes(round)).length,
  );
  expect(counts.filter((count) => count !== 1)).toEqual([]);
  for (const won of winners) expect(won.length).toBeGreaterThan(0);
  // Their locks end with the contenders, and of the struggle nothing is left.
  for (let round = 0; round < ROUNDS; round++) expect(contentsOf(join(folder, String(round)))).toEqual([]);
});

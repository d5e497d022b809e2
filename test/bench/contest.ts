import { setTimeout as sleep } from "node:timers/promises";
import { compare, type Role, type Row, type Topic } from "./comparison.js";

/** One side of a comparison, ready to run: its start-up lies behind it. */
export interface Contender {
  readonly subject: string;
  readonly role: Role;
  /** Do one round of a fixed amount of work; the figure in the comparison's unit. */
  round(): Promise<number>;
  close(): Promise<void>;
}

/** Idle threads of a contender that has just stopped may spin for some milliseconds; let them fall asleep. */
const SETTLE_MS = 60;

/** Warm up at least so long: code is compiled, memory touched, helping threads are up. */
const WARM_UP_MS = 300;

/** Run the contenders in turns, A B C A B C …, after a warm-up each; the first is the base. Closes them all. */
export async function contest(
  topic: Topic,
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly Row[]> {
  const values: number[][] = contenders.map(() => []);
  try {
    for (const contender of contenders) await warmUp(contender);
    for (let round = 0; round < rounds; round++) {
      for (const [index, contender] of contenders.entries()) {
        await sleep(SETTLE_MS);
        values[index].push(await contender.round());
      }
    }
  } finally {
    for (const contender of contenders) await contender.close();
  }
  const [base, ...others] = contenders.map(({ subject, role }, index) => ({
    subject,
    role,
    values: values[index],
  }));
  return compare(topic, base, others);
}

async function warmUp(contender: Contender): Promise<void> {
  const start = performance.now();
  do await contender.round();
  while (performance.now() - start < WARM_UP_MS);
}

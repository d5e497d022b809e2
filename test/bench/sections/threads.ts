import { contest } from "../contest.js";
import { trainingContender } from "../project-rbm.js";
import type { Section } from "../section.js";
import { shape, shapeName, updatesPerRound } from "../shape.js";

const SIZE = shape(1600, 400, 100);

/** One training update on more threads; the ratio of the one-thread row is the speed-up. */
export const threadScaling: Section = {
  name: "threads",
  description: "speed-up of a CD-1 update on 2 and 4 threads",
  async run({ program, cores, quick, rounds, report, note }) {
    const counts = [2, 4].filter((count) => count <= cores);
    if (counts.length === 0) note("threads: this machine has one core; nothing to scale.");
    const updates = updatesPerRound(SIZE, quick);
    const onThreads = (threads: number, subject: string) =>
      trainingContender(program, SIZE, {
        subject,
        threads,
        updates,
        units: "binary",
        bias: true,
        samples: updates * SIZE.rows,
      });
    for (const threads of counts) {
      const many = await onThreads(threads, `project (${threads} threads)`);
      const one = { ...(await onThreads(1, "project (1 thread)")), role: "reference" as const };
      const topic = {
        section: "threads",
        name: shapeName(SIZE),
        threads,
        quantity: { unit: "ms/update", better: "less" },
        ...(threads === 2 ? { target: { kind: "ratio", least: 1.8 } as const } : {}),
      } as const;
      report(await contest(topic, [many, one], rounds));
    }
  },
};

import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { InterruptedRun, OutputError } from "../../src/errors/index.js";
import { type Environment, silentProgress } from "../../src/experiment/environment.js";
import { observedProgress, observeRun } from "../../src/experiment/observe.js";
import { referenceKernels } from "../../src/kernels/index.js";
import { eventSchema, type RunEvent } from "../../src/runs/events.js";

/** A world with a clock that is set by hand, and what was told in it. */
function world(listening = true) {
  const events: RunEvent[] = [];
  const clock = { now: 10 };
  const environment: Environment = {
    kernels: referenceKernels,
    seconds: () => clock.now,
    timestamp: () => "2026-01-01T00:00:00.000Z",
    peakMemory: () => 0,
    progress: silentProgress,
    stopRequested: () => null,
    checkpointEvery: { epochs: 1 },
    ...(listening ? { events: (event) => events.push(event) } : {}),
  };
  return { events, clock, environment };
}

function requireDocumented(events: readonly RunEvent[]): void {
  for (const event of events) v.parse(eventSchema, { ...event, time: "2026-01-01T00:00:00.000Z" });
}

describe("observed progress", () => {
  it("is told at the beginning and the end of a step, and between about once a second", () => {
    const { events, clock } = world();
    const passed: number[] = [];
    const inner = { ...silentProgress, update: (done: number) => void passed.push(done) };
    const progress = observedProgress(
      inner,
      (event) => events.push(event),
      () => clock.now,
      { sweep: "s" },
    );
    progress.start("counting", 1000, 100);
    for (let done = 101; done <= 1000; done++) {
      clock.now += 0.01;
      void progress.update(done, `at ${done}`);
    }
    void progress.update(1000, "again");
    progress.finish();
    progress.note("done");
    requireDocumented(events);
    expect(events.at(-1)).toEqual({ event: "note", sweep: "s", message: "done" });
    const steps = events.flatMap((event) => (event.event === "progress" ? [event] : []));
    expect(steps[0]).toEqual({
      event: "progress",
      sweep: "s",
      step: "counting",
      detail: "",
      done: 100,
      total: 1000,
    });
    expect(steps.map(({ done }) => done)).toHaveLength(10);
    expect(steps.at(-1)).toMatchObject({ done: 1000, detail: "at 1000" });
    for (const [index, { done }] of steps.slice(1, -1).entries()) {
      expect(Math.abs(done - 100 * (index + 2))).toBeLessThanOrEqual(1 + index);
    }
    expect(passed).toHaveLength(901);
  });
});

describe("an observed run", () => {
  it("ends with one event, whatever becomes of it, and passes errors on", async () => {
    const { events, clock, environment } = world();
    const outcome = await observeRun(
      "r",
      environment,
      (observed) => {
        clock.now += 2.5;
        observed.progress.note("half");
        return Promise.resolve(7);
      },
      (seven) => (seven === 7 ? "finished" : "already-finished"),
    );
    expect(outcome).toBe(7);
    for (const error of [new InterruptedRun("later", 75), new OutputError("full"), new TypeError("bug")]) {
      const failing = observeRun(
        "r",
        environment,
        () => Promise.reject(error),
        () => "finished",
      );
      await expect(failing).rejects.toBe(error);
    }
    requireDocumented(events);
    expect(events).toEqual([
      { event: "note", run: "r", message: "half" },
      { event: "run-finished", run: "r", outcome: "finished", seconds: 2.5 },
      { event: "run-interrupted", run: "r", exit_code: 75, message: "later" },
      { event: "run-failed", run: "r", exit_code: 73, message: "full" },
      { event: "run-failed", run: "r", exit_code: 1, message: "bug" },
    ]);
  });

  it("is left alone if nobody wants events", async () => {
    const { environment: quiet } = world(false);
    const result = await observeRun(
      "r",
      quiet,
      (environment) => Promise.resolve(environment),
      () => "finished",
    );
    expect(result).toBe(quiet);
  });
});

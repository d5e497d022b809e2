import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { WrittenEvent } from "../../src/runs/events.js";
import { sweepLayout } from "../../src/sweep/index.js";
import { taskProgress } from "../../src/sweep/task-progress.js";
import { temporaryFolder } from "../io/temporary.js";

const time = "2026-01-01T00:00:00.000Z";
const started = (resumed: boolean): WrittenEvent => ({
  event: "run-started",
  time,
  run: "r",
  kind: "run",
  version: "1",
  resumed,
});
const epoch = (layer: number, done: number): WrittenEvent => ({
  event: "epoch",
  time,
  run: "r",
  layer,
  layers: 2,
  epoch: done,
  epochs: 4,
  metrics: { kl_per_spin: null },
});
const progress = (step: string, detail: string): WrittenEvent => ({
  event: "progress",
  time,
  run: "r",
  step,
  detail,
  done: 1,
  total: 9,
});

/** What is known of a task that has told these events. */
function after(...lines: readonly (WrittenEvent | string)[]) {
  const sweep = temporaryFolder();
  const path = sweepLayout.events(sweep, "task");
  mkdirSync(join(path, ".."));
  for (const line of lines)
    appendFileSync(path, `${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  return taskProgress(sweep, "task");
}

describe("the progress of a task", () => {
  it("is none where it has told nothing", () => {
    expect(taskProgress(temporaryFolder(), "task")).toEqual({ share: 0, step: "" });
    expect(after("{", "no event")).toEqual({ share: 0, step: "" });
  });

  it("is the share of its epochs over all layers, and its last step", () => {
    const begun = [
      started(false),
      progress("sampling 4x4", ""),
      progress("training layer 1 of 2", "epoch 1/4"),
    ];
    expect(after(...begun)).toEqual({ share: 0, step: "training layer 1 of 2, epoch 1/4" });
    expect(after(...begun, epoch(1, 3)).share).toBe(3 / 8);
    expect(after(...begun, epoch(1, 4), epoch(2, 2)).share).toBe(3 / 4);
    expect(after(...begun, epoch(2, 4), progress("writing the report", ""))).toEqual({
      share: 1,
      step: "writing the report",
    });
  });

  it("begins again with a run that begins again", () => {
    expect(after(started(false), epoch(2, 2), started(false)).share).toBe(0);
  });

  it("needs no more than the end of a long file", () => {
    expect(after(started(false), ...Array.from({ length: 500 }, () => epoch(1, 1)), epoch(1, 2)).share).toBe(
      1 / 4,
    );
  });
});

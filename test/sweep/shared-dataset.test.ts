import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/io/index.js";
import { sweepLayout } from "../../src/sweep/index.js";
import { bench, sharing, until } from "./bench.js";
import type { Behaviour } from "./sweeps.js";

const DATA = "configurations.npy";
const good = "good";

/** A machine that samples datasets whose manifests name a file's sha256, and cannot train where the file is another. */
const particular: Behaviour = ([command, , config, , out]) => {
  if (command === "sample") return { code: 0, signal: null };
  const [, data] = /path: (.*)/.exec(readFileSync(config, "utf8"))!;
  const whole = existsSync(join(data, DATA)) && readFileSync(join(data, DATA), "utf8") === good;
  expect(out).toBeDefined();
  return whole
    ? { code: 0, signal: null }
    : { code: existsSync(join(data, DATA)) ? 65 : 66, signal: null, says: "truncated" };
};

/** What `rbm-rg sample` would leave. */
function leaveDataset(folder: string, content: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, DATA), content);
  const files = { [DATA]: sha256Hex(good) };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ program: "rbm-rg", kind: "dataset", files }));
}

describe("a shared dataset", () => {
  it.each([
    [
      "truncated",
      (folder: string) => {
        leaveDataset(folder, "go");
      },
    ],
    [
      "without its file",
      (folder: string) => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(
          join(folder, "manifest.json"),
          JSON.stringify({ program: "rbm-rg", kind: "dataset", files: { [DATA]: sha256Hex(good) } }),
        );
      },
    ],
    [
      "with a damaged manifest",
      (folder: string) => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, "manifest.json"), "{");
      },
    ],
  ])("that is damaged (%s) is sampled again once, and the task trained again", async (_, damage) => {
    const own = await bench(sharing, particular);
    own.machine.sampled = (folder) => {
      leaveDataset(folder, good);
    };
    const [first] = own.plan.tasks;
    damage(sweepLayout.dataset(own.sweep, first.data!));
    expect(await own.run({ jobs: 1 })).toMatchObject({ done: 6, failed: 0, exitCode: 0 });
    const samplings = own.machine.launched.filter(([command]) => command === "sample");
    expect(samplings).toHaveLength(2);
    expect(samplings[0]).toContain("--force");
    expect(samplings[1]).not.toContain("--force");
    const log = readFileSync(sweepLayout.datasetLog(own.sweep, first.data!), "utf8");
    expect(log).toMatch(/warning: .*\/data\/\w{12} is damaged; it is sampled again/);
  });

  it("that lacks its manifest is sampled in its place", async () => {
    const own = await bench(sharing, particular);
    own.machine.sampled = (folder) => {
      leaveDataset(folder, good);
    };
    const folder = sweepLayout.dataset(own.sweep, own.plan.tasks[0].data!);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, DATA), "go");
    expect(await own.run({ jobs: 1 })).toMatchObject({ done: 6, failed: 0 });
    expect(own.machine.launched[0]).toContain("--force");
  });

  it("that is whole is not sampled again because a task cannot use it; one that another has restored is used", async () => {
    const whole = await bench(sharing, ([command]) => ({ code: command === "train" ? 65 : 0, signal: null }));
    whole.machine.sampled = (folder) => {
      leaveDataset(folder, good);
    };
    expect(await whole.run({ jobs: 1 })).toMatchObject({ done: 0, failed: 1 });
    expect(whole.machine.launched.map(([command]) => command)).toEqual(["sample", "train"]);
    const restored = await bench(sharing, (args, launch) => {
      if (launch !== 1) return particular(args, launch);
      const [, data] = /path: (.*)/.exec(readFileSync(args[2], "utf8"))!;
      setTimeout(() => {
        leaveDataset(data, good);
      }, 1);
      return { code: 65, signal: null };
    });
    const own = sweepLayout.dataset(restored.sweep, restored.plan.tasks[0].data!);
    leaveDataset(own, "go");
    await until(() => existsSync(own));
    restored.machine.sampled = (folder) => {
      leaveDataset(folder, good);
    };
    expect(await restored.run({ jobs: 1 })).toMatchObject({ done: 6, failed: 0 });
    expect(restored.machine.launched.slice(0, 2).map(([command]) => command)).toEqual(["train", "train"]);
  });
});

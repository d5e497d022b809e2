import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InterruptedRun, OutputError } from "../../src/errors/index.js";
import {
  type CheckpointInterval,
  type Environment,
  silentProgress,
  type StopReason,
} from "../../src/experiment/environment.js";
import { runExperiment, type RunOutcome } from "../../src/experiment/run-experiment.js";
import { type Kernels, openKernels, referenceKernels } from "../../src/kernels/index.js";
import { readManifest, resolveConfig, surveyCheckpoints } from "../../src/runs/index.js";
import { contentsOf, temporaryFolder } from "../io/temporary.js";

const wasm = openKernels("wasm", 1);

/** What a test decides about the world around a run. */
interface World {
  readonly kernels: Kernels;
  readonly checkpointEvery: CheckpointInterval;
  /** Asked at every occasion to stop, which are counted from 1. */
  readonly stop: (occasion: number) => StopReason | null;
  /** Told of every progress update; may throw, as a crash would. */
  readonly onUpdate: (count: number) => void;
}

/** An environment with a clock that moves by a second whenever it is read, and what was said in it. */
function environmentOf(world: Partial<World>): { environment: Environment; notes: string[] } {
  const notes: string[] = [];
  let [time, occasion, updates] = [0, 0, 0];
  const environment: Environment = {
    kernels: world.kernels ?? wasm,
    seconds: () => time++,
    timestamp: () => "2026-01-01T00:00:00Z",
    peakMemory: () => 1,
    progress: {
      ...silentProgress,
      update: () => world.onUpdate?.(++updates),
      note: (message) => notes.push(message),
    },
    stopRequested: () => world.stop?.(++occasion) ?? null,
    checkpointEvery: world.checkpointEvery ?? { epochs: 1000 },
  };
  return { environment, notes };
}

/** 30 configurations in batches of 10: three updates an epoch, six a layer. */
function configOf(model: object = {}, train: object = {}) {
  return resolveConfig({
    name: "test",
    sample: { lattice: "3x3", coupling: 0.4, samples: 30, chains: 30 },
    model: { hidden: [5, 3], ...model },
    train: { epochs: 2, batchSize: 10, learningRate: 0.05, ...train },
  });
}

const variants = [
  ["cd without biases", {}, { bias: false }],
  ["pcd with Adam", { estimator: "pcd", optimizer: "adam", chains: 9 }, {}],
  ["exact, not centred, 0/1 units", { estimator: "exact", centered: false, l1: 0.01 }, { units: "binary" }],
] as const;

/** Run in `run`; an InterruptedRun is its outcome, too. */
async function attempt(
  config: ReturnType<typeof configOf>,
  run: string,
  world: Partial<World>,
  force = false,
): Promise<{ outcome: RunOutcome | InterruptedRun; notes: string[] }> {
  const { environment, notes } = environmentOf(world);
  try {
    return { outcome: await runExperiment(config, run, environment, { force }), notes };
  } catch (error) {
    if (error instanceof InterruptedRun) return { outcome: error, notes };
    throw error;
  }
}

/** Every file but the manifest, of which what has no clock in it. */
function everything(run: string): Map<string, string> {
  const paths = readdirSync(run, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(run, path)).isFile(),
  );
  return new Map(
    paths.sort().map((path) => {
      if (path !== "manifest.json") return [path, readFileSync(join(run, path)).toString("hex")];
      const timeless = { ...readManifest(run), started: "", finished: "", timings: [], resumed: [] };
      return [path, JSON.stringify(timeless)];
    }),
  );
}

const stopNow: StopReason = { cause: "a test", exitCode: 75 };

describe("an experiment", () => {
  it.each(variants)(
    "that is stopped at every occasion ends with the same bytes as one that is not: %s",
    async (_, train, model) => {
      const config = configOf(model, train);
      const whole = temporaryFolder();
      await attempt(config, whole, {});
      const run = temporaryFolder();
      const messages: string[] = [];
      for (;;) {
        // Twice in sampling, after every one of the 12 updates, and twice in the report.
        const stop = (): StopReason | null =>
          messages.length < 16 && (messages.length < 2 || contentsOf(run).includes("data")) ? stopNow : null;
        const { outcome } = await attempt(config, run, { stop });
        if (!(outcome instanceof InterruptedRun)) break;
        expect(outcome.exitCode).toBe(75);
        expect(readManifest(run).status).toBe("interrupted");
        expect(contentsOf(run)).not.toContain(".lock");
        messages.push(/while \w+|layer \d, epoch \d/.exec(outcome.message)?.[0] ?? outcome.message);
      }
      const layers = [1, 2].flatMap((layer) =>
        [1, 1, 1, 2, 2, 2].map((epoch) => `layer ${layer}, epoch ${epoch}`),
      );
      const twice = (text: string): string[] => [text, text];
      expect(messages).toEqual([...twice("while sampling"), ...layers, ...twice("while writing")]);
      expect(everything(run)).toEqual(everything(whole));
    },
  );

  it("that crashes at any update, whatever was written until then, ends with the same bytes", async () => {
    const config = configOf({}, { estimator: "pcd", chains: 9 });
    const whole = temporaryFolder();
    const updates: number[] = [];
    await attempt(config, whole, { onUpdate: (count) => updates.push(count) });
    for (const checkpointEvery of [{ epochs: 1 }, { seconds: 2 }, { seconds: 1e9 }]) {
      const run = temporaryFolder();
      for (let crash = 1; crash <= updates.length; crash += 3) {
        const onUpdate = (count: number): void => {
          if (count === crash) throw new Error("crash");
        };
        await attempt(config, run, { checkpointEvery, onUpdate }).catch((error: unknown) => {
          expect(String(error)).toBe("Error: crash");
          expect(readManifest(run).status).toBe("failed");
        });
      }
      await attempt(config, run, {});
      expect(everything(run)).toEqual(everything(whole));
    }
  });

  it("writes checkpoints when they are due: by epochs, by the clock, after layers", async () => {
    for (const [checkpointEvery, expected] of [
      [{ epochs: 1 }, [3, 6, 0, 3, 6, 0]],
      [{ epochs: 2 }, [6, 0, 6, 0]],
      [{ epochs: 3 }, [0, 0]],
      [{ seconds: 0.5 }, [1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0]],
      [{ seconds: 1e9 }, [0, 0]],
    ] as const) {
      const run = temporaryFolder();
      const seen = new Map<number, number>();
      const look = (): void => {
        for (const { header } of surveyCheckpoints(run).whole) seen.set(header.sequence, header.update);
      };
      const { outcome } = await attempt(configOf(), run, { checkpointEvery, onUpdate: look });
      expect(outcome).toMatchObject({ kind: "finished" });
      const inOrder = [...seen].sort(([a], [b]) => a - b).map(([, update]) => update);
      expect(inOrder).toEqual(expected);
      expect(contentsOf(run)).not.toContain("checkpoint");
    }
  });

  it("says where it goes on, and only trains what is missing", async () => {
    const run = temporaryFolder();
    const config = configOf();
    // sampling 30 configurations in one round takes many occasions: count from the first update of training
    const inTraining = (update: number): World["stop"] => {
      let seen = 0;
      return () => (contentsOf(run).includes("data") && ++seen > update ? stopNow : null);
    };
    const first = await attempt(config, run, { stop: inTraining(4) });
    expect(first.notes).toEqual([]);
    expect((first.outcome as InterruptedRun).message).toMatch(
      /was stopped by a test in layer 1, epoch 2 of 2\. Give the same command/,
    );
    const second = await attempt(config, run, { stop: inTraining(1) });
    expect(second.notes).toEqual([`${run} continues at layer 1 of 2, epoch 2 of 2.`]);
    const third = await attempt(config, run, { stop: inTraining(3) });
    expect(third.notes).toEqual([`${run} continues at layer 2 of 2, epoch 1 of 2.`]);
    const fourth = await attempt(config, run, { stop: inTraining(1) });
    expect((fourth.outcome as InterruptedRun).message).toMatch(
      /while writing the report, after all training/,
    );
    expect(fourth.notes).toEqual([`${run} continues at layer 2 of 2, epoch 2 of 2.`]);
    const updates: number[] = [];
    const last = await attempt(config, run, { onUpdate: (count) => updates.push(count) });
    expect(last.notes).toEqual([`${run} is trained; it continues with the report.`]);
    expect(last.outcome).toMatchObject({ kind: "finished" });
    expect(readManifest(run).resumed).toHaveLength(4);
    expect((await attempt(config, run, {})).outcome).toEqual({ kind: "already-finished", run });
  });

  it("refuses other kernels, and starts again with force", async () => {
    const run = temporaryFolder();
    const config = configOf();
    const stopAtSecond = (): World["stop"] => {
      let seen = 0;
      return () => (contentsOf(run).includes("data") && ++seen > 1 ? stopNow : null);
    };
    await attempt(config, run, { stop: stopAtSecond() });
    const other = attempt(config, run, { kernels: referenceKernels });
    await expect(other).rejects.toThrow(OutputError);
    await expect(other).rejects.toThrow(/so far with the kernels wasm; these are reference/);
    expect(readManifest(run)).toMatchObject({ status: "interrupted", kernels: "wasm" });
    const forced = await attempt(config, run, { kernels: referenceKernels }, true);
    expect(forced.notes).toEqual([]);
    expect(readManifest(run)).toMatchObject({ status: "finished", kernels: "reference", resumed: [] });
  });

  it("samples again if its configurations are gone, and goes on all the same", async () => {
    const whole = temporaryFolder();
    const config = configOf();
    await attempt(config, whole, {});
    for (const spoil of [
      (run: string) => {
        rmSync(join(run, "data"), { recursive: true });
      },
      (run: string) => {
        writeFileSync(join(run, "data", "configurations.npy"), "");
      },
      (run: string) => {
        writeFileSync(join(run, "data", "observables.csv"), "");
      },
      (run: string) => {
        writeFileSync(join(run, "data", "manifest.json"), "{}");
      },
    ]) {
      const run = temporaryFolder();
      let seen = 0;
      const stop = (): StopReason | null => (contentsOf(run).includes("data") && ++seen > 4 ? stopNow : null);
      await attempt(config, run, { stop });
      spoil(run);
      const { notes } = await attempt(config, run, {});
      expect(notes).toEqual([`${run} continues at layer 1 of 2, epoch 2 of 2.`]);
      expect(everything(run)).toEqual(everything(whole));
    }
  });

  it("does not touch the checkpoints of another run, left by a kill between two runs", async () => {
    const [one, two] = [configOf(), { ...configOf(), seed: "2" }];
    const whole = temporaryFolder();
    await attempt(two, whole, {});
    const [run, other] = [temporaryFolder(), temporaryFolder()];
    const inData = (): StopReason | null => (contentsOf(other).includes("data") ? stopNow : null);
    await attempt(one, other, { stop: inData });
    await attempt(two, run, { stop: () => stopNow });
    for (const name of ["data", "checkpoint"])
      cpSync(join(other, name), join(run, name), { recursive: true });
    const { notes } = await attempt(two, run, {});
    expect(notes[0]).toMatch(/a\.checkpoint belongs to another run/);
    expect(notes[1]).toMatch(/has no checkpoint that can be used: it begins with the sampling/);
    expect(everything(run)).toEqual(everything(whole));
  });
});

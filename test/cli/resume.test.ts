import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { inspectPath } from "../../src/runs/inspect.js";
import { hearLock, plantLock } from "../io/locks.js";
import { everything, hasCheckpoint, manifestOf, start, until } from "./kills.js";
import { rbmRg } from "./run.js";

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** About two seconds of training in two layers, a checkpoint every tenth of one. */
const train = [
  ..."train -q -L 16 -K 0.42 -n 2000 --hidden 64,16 --epochs 12 --estimator pcd --optimizer adam".split(" "),
  ..."--learning-rate 0.002 --batch-size 20 --checkpoint-every 0.1s".split(" "),
];

const references = new Map<string, Map<string, string>>();

/** Everything in the folder of a run that was not interrupted. */
function reference(args: readonly string[] = train): Map<string, string> {
  const known = references.get(args.join(" "));
  if (known !== undefined) return known;
  const folder = freshFolder();
  expect(rbmRg(folder, ...args, "-o", "whole")).toMatchObject({ status: 0, stdout: "" });
  const whole = everything(join(folder, "whole"));
  references.set(args.join(" "), whole);
  return whole;
}

describe("a run that is killed", () => {
  it("goes on in the middle of a layer on another number of threads, and says where", async () => {
    const folder = freshFolder();
    const args =
      "train -L 24 -K 0.44 -n 2000 --hidden 144,36 --batch-size 200 --epochs 12 --checkpoint-every 1".split(
        " ",
      );
    const whole = reference([...args, "-q", "--threads", "1"]);
    const program = start(folder, ...args, "--threads", "2", "-o", "run");
    await until(() => hasCheckpoint(join(folder, "run")), "there is a checkpoint");
    program.child.kill("SIGKILL");
    await program.ended;
    expect(manifestOf(join(folder, "run"))["status"]).toBe("running");
    const again = rbmRg(folder, ...args, "--threads", "1", "-o", "run");
    expect(again.stderr).toMatch(/^rbm-rg: run continues at layer 1 of 2, epoch \d+ of 12\.$/m);
    expect(again.status).toBe(0);
    expect(everything(join(folder, "run"))).toEqual(whole);
    expect(manifestOf(join(folder, "run"))["resumed"]).toHaveLength(1);
  });
});

/** Stop a run in training by a signal, and return what it said. */
async function stopped(folder: string, signal: NodeJS.Signals) {
  const program = start(folder, ...train, "-o", "run");
  await until(() => hasCheckpoint(join(folder, "run")), "there is a checkpoint");
  program.child.kill(signal);
  return program.ended;
}

describe("a run that is asked to stop", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGUSR1", 75],
  ] as const)(
    "by %s ends in the middle with exit code %i, says how to go on, and goes on",
    async (signal, code) => {
      const folder = freshFolder();
      const whole = reference();
      const { status, stderr } = await stopped(folder, signal);
      expect(stderr).toMatch(
        new RegExp(
          `^rbm-rg: run was stopped by ${signal} in layer \\d, epoch \\d+ of 12\\. Give the same command again to go on\\.$`,
          "m",
        ),
      );
      expect(status).toBe(code);
      const run = join(folder, "run");
      expect(manifestOf(run)).toMatchObject({
        status: "interrupted",
        error: expect.stringContaining(signal) as string,
      });
      expect(existsSync(join(run, ".lock"))).toBe(false);
      expect(rbmRg(folder, "inspect", "run").stdout).toMatch(/status\s+interrupted/);
      const again = rbmRg(folder, ...train, "-o", "run");
      expect(again.stderr).toMatch(/^rbm-rg: run continues at layer \d of 2, epoch \d+ of 12\.$/m);
      expect(again.status).toBe(0);
      expect(everything(run)).toEqual(whole);
    },
  );

  it("by its time limit, over and over, ends with the same bytes", () => {
    const folder = freshFolder();
    const whole = reference();
    // Each time somewhat longer, so that a machine on which the start alone takes seconds comes to an end as well.
    let stops = 0;
    for (let limit = 1; ; limit *= 1.2) {
      const { status, stderr } = rbmRg(folder, ...train, "--time-limit", `${limit.toFixed(2)}s`, "-o", "run");
      if (status === 0) break;
      expect(stderr).toMatch(/run(\/data)? was stopped by its time limit/);
      expect(status).toBe(75);
      stops++;
    }
    expect(stops).toBeGreaterThan(0);
    expect(everything(join(folder, "run"))).toEqual(whole);
  });

  it("while it samples ends with the exit code too, and goes on from there", async () => {
    const folder = freshFolder();
    const args = [
      ..."train -q -L 64 -K 0.44 -n 3000 --hidden 4 --epochs 1 --algorithm metropolis".split(" "),
      ..."--set sample.spacing=60".split(" "),
    ];
    const whole = reference(args);
    const program = start(folder, ...args, "--checkpoint-every", "0.1s", "-o", "run");
    const checkpoint = join(folder, "run", "checkpoint", "sampling.checkpoint");
    await until(() => existsSync(checkpoint), "there is a checkpoint");
    program.child.kill("SIGTERM");
    const { status, stderr } = await program.ended;
    expect(stderr).toMatch(/run\/data was stopped by SIGTERM while sampling, after \d+ of 3000 samples\./);
    expect(status).toBe(143);
    expect(manifestOf(join(folder, "run"))["status"]).toBe("interrupted");
    expect(existsSync(join(folder, "run", ".lock"))).toBe(false);
    expect(inspectPath(checkpoint).kind).toBe("checkpoint of a sampling");
    const again = rbmRg(folder, ...args, "-o", "run");
    expect(again.stderr).toMatch(/run\/data continues at sample \d+ of 3000\./);
    expect(everything(join(folder, "run"))).toEqual(whole);
  });

  it("sample goes on after its time limit, and says when a checkpoint is damaged", () => {
    const folder = freshFolder();
    const sample = "sample -q -L 64 -K 0.44 -n 3000 --algorithm metropolis --set sample.spacing=60".split(
      " ",
    );
    expect(rbmRg(folder, ...sample, "-o", "whole").status).toBe(0);
    const checkpoint = join(folder, ".data.sampling.checkpoint");
    const limited = rbmRg(folder, ...sample, "--time-limit", "0.2s", "-o", "data");
    expect(limited.status).toBe(75);
    expect(readdirSync(folder).sort()).toEqual([".data.sampling.checkpoint", "whole"]);
    appendFileSync(checkpoint, "x");
    const damaged = rbmRg(folder, ...sample, "--time-limit", "0.2s", "-o", "data");
    expect(damaged.stderr).toMatch(
      /warning: \.data\.sampling\.checkpoint is not a whole checkpoint: .* begins again/,
    );
    expect(damaged.status).toBe(75);
    const last = rbmRg(folder, ...sample, "-o", "data");
    expect(last.stderr).toMatch(/data continues at sample \d+ of 3000/);
    expect(last.status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(["data", "whole"]);
    for (const name of ["configurations.npy", "observables.csv"]) {
      expect(readFileSync(join(folder, "data", name))).toEqual(readFileSync(join(folder, "whole", name)));
    }
  });

  it("while it thermalizes is heard, too", async () => {
    const folder = freshFolder();
    const args = "train -q -L 64 -K 0.44 -n 100 --hidden 4 --epochs 1 -o run --algorithm metropolis".split(
      " ",
    );
    const program = start(folder, ...args, "--thermalization", "10000000");
    await until(() => existsSync(join(folder, "run", "config.yaml")), "the run has begun");
    await sleep(200);
    program.child.kill("SIGINT");
    expect((await program.ended).status).toBe(130);
  });
});

describe("a run that goes on", () => {
  it("takes the checkpoint before if the newest is damaged, and starts again if there is none, saying so", async () => {
    const folder = freshFolder();
    const whole = reference();
    const run = join(folder, "run");
    const files = ["a", "b"].map((name) => join(run, "checkpoint", `${name}.checkpoint`));
    await stopped(folder, "SIGTERM");
    await until(() => files.every(existsSync), "there are two checkpoints");
    appendFileSync(files[0], "x");
    const limited = rbmRg(folder, ...train, "--time-limit", "0.1s", "-o", "run");
    expect(limited.stderr).toMatch(
      /^rbm-rg: warning: run\/checkpoint\/a\.checkpoint is not a whole checkpoint: it has/,
    );
    expect(limited.stderr).toMatch(/run continues at layer/);
    expect(limited.status).toBe(75);
    for (const file of files) writeFileSync(file, "");
    const again = rbmRg(folder, ...train, "-o", "run");
    expect(again.stderr).toMatch(
      /run has no checkpoint that can be used: it trains again on its configurations\./,
    );
    expect(again.status).toBe(0);
    expect(everything(run)).toEqual(whole);
  });

  it("does not trust configurations or finished layers that have changed", async () => {
    const folder = freshFolder();
    const whole = reference();
    const run = join(folder, "run");
    const program = start(folder, ...train, "-o", "run");
    await until(() => existsSync(join(run, "hidden-bias-1.csv")), "the first layer is finished");
    await sleep(200);
    program.child.kill("SIGTERM");
    await program.ended;
    appendFileSync(join(run, "data", "observables.csv"), "changed\n");
    const weights = readFileSync(join(run, "weights-1.npy"));
    weights[200] ^= 1;
    writeFileSync(join(run, "weights-1.npy"), weights);
    const again = rbmRg(folder, ...train, "-o", "run");
    expect(again.stderr).toMatch(/the weights of layer 1 have changed since it was written/);
    expect(again.stderr).toMatch(/begins with the sampling\.|trains again|continues at layer 1 of 2/);
    expect(again.status).toBe(0);
    expect(everything(run)).toEqual(whole);
  });

  it("refuses other kernels, which --force allows by starting again", async () => {
    const folder = freshFolder();
    const { stderr: first } = await stopped(folder, "SIGTERM");
    expect(first).toMatch(/stopped/);
    const before = everything(join(folder, "run"));
    const other = rbmRg(folder, ...train, "--kernels", "reference", "-o", "run");
    expect(other.stderr).toMatch(
      /trained so far with the kernels wasm; these are reference.*--kernels wasm to go on, or --force/,
    );
    expect(other.status).toBe(73);
    expect(everything(join(folder, "run"))).toEqual(before);
    const forced = start(folder, ...train, "--kernels", "reference", "--force", "-o", "run");
    await until(() => manifestOf(join(folder, "run"))["kernels"] === "reference", "it has begun again");
    forced.child.kill("SIGTERM");
    expect((await forced.ended).status).toBe(143);
  });

  it("starts again with --force, and refuses --force with --resume", async () => {
    const folder = freshFolder();
    await stopped(folder, "SIGTERM");
    expect(rbmRg(folder, ...train, "-o", "run", "--resume", "--force").status).toBe(64);
    const forced = rbmRg(folder, ...train, "-o", "run", "--force");
    expect(forced).toMatchObject({ status: 0, stdout: "" });
    expect(everything(join(folder, "run"))).toEqual(reference());
  });

  it("is a study, too", async () => {
    const folder = freshFolder();
    const study = ["reproduce", "mehta-schwab", "--scale", "smoke", "-q", "--checkpoint-every", "1", "-o"];
    expect(rbmRg(folder, ...study, "whole").status).toBe(0);
    const program = start(folder, ...study, "run");
    const runs = join(folder, "run", "runs");
    const hasBegun = (): boolean =>
      existsSync(runs) && readdirSync(runs).some((id) => hasCheckpoint(join(runs, id)));
    await until(hasBegun, "there is a checkpoint");
    program.child.kill("SIGUSR1");
    expect((await program.ended).status).toBe(75);
    expect(rbmRg(folder, ...study, "run").status).toBe(0);
    const [log] = readdirSync(join(folder, "run", "logs"));
    expect(readFileSync(join(folder, "run", "logs", log), "utf8")).toMatch(/continues at layer/);
    for (const part of ["figures", ...readdirSync(runs).map((id) => join("runs", id))]) {
      expect(everything(join(folder, "run", part))).toEqual(everything(join(folder, "whole", part)));
    }
    const [claims, expected] = ["run", "whole"].map((of) =>
      readFileSync(join(folder, of, "claims.csv"), "utf8"),
    );
    expect(claims).toBe(expected);
    const forced = rbmRg(folder, ...study, "run", "--force", "--dry-run");
    expect(forced.stdout).toMatch(/ done /);
  });
});

describe("a run folder", () => {
  it("that another process writes is refused, with who it is; --force changes nothing of that", async () => {
    const folder = freshFolder();
    const program = start(folder, ...train, "-o", "run");
    await until(() => hasCheckpoint(join(folder, "run")), "there is a checkpoint");
    for (const flags of [[], ["--force"]]) {
      const second = rbmRg(folder, ...train, "-o", "run", ...flags);
      expect(second.stderr).toMatch(
        new RegExp(
          `run is being written by process ${program.child.pid!} on ${hostname()} since 20.*choose another -o`,
        ),
      );
      expect(second.status).toBe(73);
    }
    expect((await program.ended).status).toBe(0);
    expect(rbmRg(folder, ...train, "-o", "run").stdout).toMatch(/finished already/);
    expect(existsSync(join(folder, "run", ".lock"))).toBe(false);
  });

  it("whose process was killed is taken by exactly one of several that start at once", async () => {
    const folder = freshFolder();
    const first = start(folder, ...train, "-o", "run");
    await until(() => hasCheckpoint(join(folder, "run")), "there is a checkpoint");
    first.child.kill("SIGKILL");
    await first.ended;
    expect(existsSync(join(folder, "run", ".lock"))).toBe(true);
    const several = await Promise.all([1, 2, 3, 4].map(() => start(folder, ...train, "-o", "run").ended));
    expect(several.map(({ status }) => status).sort()).toEqual([0, 73, 73, 73]);
    expect(everything(join(folder, "run"))).toEqual(reference());
  });

  it("with the lock of another host is left alone until that host has been silent for five minutes", () => {
    const folder = freshFolder();
    const tiny = "train -q -L 4 -K 0.4 -n 50 --hidden 4 --epochs 1 -o run".split(" ");
    expect(rbmRg(folder, ...tiny, "--time-limit", "0.01s").status).toBe(75);
    const path = join(folder, "run", ".lock");
    plantLock(path, { host: "elsewhere", pid: 1 }, 200);
    const again = rbmRg(folder, ...tiny);
    expect(again.stderr).toMatch(
      /locked by process 1 on elsewhere.*expires five minutes after.*, in \d+ s\./,
    );
    expect(again.status).toBe(73);
    hearLock(path, 301);
    expect(rbmRg(folder, ...tiny).status).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  it("is still known as one after a kill before its manifest, or between two runs", () => {
    const folder = freshFolder();
    const small = "train -q -L 4 -K 0.4 -n 50 --hidden 4 --epochs 1 -o run".split(" ");
    const make =
      "mkdir run && touch run/.manifest.json.0123456789ab.tmp && echo old > run/.lock.0123456789ab.tmp";
    expect(spawnSync("sh", ["-c", make], { cwd: folder }).status).toBe(0);
    expect(rbmRg(folder, ...small)).toMatchObject({ status: 0, stdout: "" });
    const before = everything(join(folder, "run"));
    // killed after the manifest said finished, before the checkpoints were removed
    const leave = "mkdir run/checkpoint && echo x > run/checkpoint/a.checkpoint && touch run/.data.00.tmp";
    expect(spawnSync("sh", ["-c", leave], { cwd: folder }).status).toBe(0);
    expect(rbmRg(folder, ...small).stdout).toMatch(/finished already/);
    expect(everything(join(folder, "run"))).toEqual(before);
  });

  it("refuses nonsense before it computes anything", () => {
    const folder = freshFolder();
    for (const flags of [
      ["--time-limit", "soon"],
      ["--checkpoint-every", "now"],
    ]) {
      const { status, stderr } = rbmRg(folder, ...train, ...flags, "-o", "run");
      expect(stderr).toMatch(/: expected/);
      expect(status).toBe(64);
      expect(existsSync(join(folder, "run"))).toBe(false);
    }
  });
});

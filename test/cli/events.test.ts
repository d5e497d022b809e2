import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { eventSchema, type WrittenEvent } from "../../src/runs/events.js";
import { killRun } from "./kill-run.js";
import { everything, hasCheckpoint, manifestOf, start, until } from "./kills.js";
import { bin, inFolder, rbmRg, root } from "./run.js";

const model = ["-L", "4", "-K", "0.4", "-n", "300", "--hidden", "4,3"];
const train = ["train", "-q", ...model, "--epochs", "3"];

/** The events in a text of whole lines, every one of which must be as documented. */
function parseEvents(text: string): readonly WrittenEvent[] {
  expect(text).toMatch(/\n$/);
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => v.parse(eventSchema, JSON.parse(line)));
}

function eventsOf(folder: string, file = "events.jsonl"): readonly WrittenEvent[] {
  return parseEvents(readFileSync(join(folder, file), "utf8"));
}

const names = (events: readonly WrittenEvent[]): readonly string[] => events.map(({ event }) => event);

function only<N extends WrittenEvent["event"]>(events: readonly WrittenEvent[], name: N) {
  return events.filter((event): event is Extract<WrittenEvent, { event: N }> => event.event === name);
}

/** What is said of the events on stderr; a run may have more to say. */
function warnings(stderr: string): readonly string[] {
  return stderr.split("\n").filter((line) => line.includes("cannot write"));
}

function laterRemoved(): string {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

describe("the README", () => {
  it("has every event with all its fields", () => {
    const rows = readFileSync(join(root, "README.md"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    for (const { entries } of eventSchema.options) {
      const row = rows.find((line) => line.split("|")[1].includes(`\`${entries.event.literal}\``));
      for (const field of Object.keys(entries)) {
        if (!["event", "time"].includes(field)) expect(row, entries.event.literal).toContain(`\`${field}\``);
      }
    }
  });
});

describe("--events", () => {
  it("tells a training from its start to its end, the epochs with the numbers of metrics.csv", () => {
    inFolder((folder) => {
      const flags = ["-o", "run", "--checkpoint-every", "2", "--events", "events.jsonl"];
      expect(rbmRg(folder, ...train, ...flags)).toMatchObject({ status: 0, stdout: "" });
      const events = eventsOf(folder);
      for (const event of events) expect(event).toHaveProperty("run", "run");
      // the checkpoint after two epochs is on disk before the metrics of the second are
      const layer = ["epoch", "checkpoint", "epoch", "epoch", "checkpoint"];
      expect(names(events).filter((name) => !["progress", "note"].includes(name))).toEqual([
        ...["run-started", "phase-started", "phase-finished", "phase-started"],
        ...[...layer, ...layer],
        ...["phase-finished", "phase-started", "phase-finished", "run-finished"],
      ]);
      expect(events[0]).toMatchObject({ kind: "run", resumed: false });
      expect(events.at(-1)).toMatchObject({ outcome: "finished" });
      const { timings } = manifestOf(join(folder, "run"));
      const phases = only(events, "phase-finished").map(({ phase, seconds }) => ({ phase, seconds }));
      expect(phases).toEqual(timings);
      expect(only(events, "checkpoint").map((event) => [event.finished_layers, event.epoch])).toEqual([
        [0, 2],
        [1, 0],
        [1, 2],
        [2, 0],
      ]);

      const { rows } = parseCsv(readFileSync(join(folder, "run", "metrics.csv"), "utf8"), "metrics.csv");
      const told = only(events, "epoch").map(({ layer, epoch, metrics }) => ({ layer, epoch, ...metrics }));
      expect(told).toHaveLength(6);
      told.forEach((row, index) => {
        const asText = Object.entries<number | null>(row).map(([name, value]) => [name, String(value ?? "")]);
        expect(Object.fromEntries(asText)).toEqual(rows[index]);
      });
      const ends = only(events, "progress").filter(({ done, total }) => done === total);
      expect(ends.map(({ step }) => step)).toEqual([
        "sampling 4x4, K = 0.4",
        "training layer 1 of 2",
        "training layer 2 of 2",
      ]);

      expect(rbmRg(folder, ...train, ...flags).stdout).toMatch(/finished already/);
      const again = eventsOf(folder).slice(events.length);
      expect(again).toMatchObject([{ event: "run-finished", outcome: "already-finished" }]);
      expect(rbmRg(folder, "verify", "run").status).toBe(0);
    });
  });

  it("goes on in the same file when a run that was stopped goes on", async () => {
    const folder = laterRemoved();
    const long = ["train", "-q", ...model, "--epochs", "60", "-o", "run", "--events", "events.jsonl"];
    const program = start(folder, ...long);
    await until(() => existsSync(join(folder, "run", "metrics.csv")), "it trains");
    program.child.kill("SIGTERM");
    expect((await program.ended).status).toBe(143);
    const before = eventsOf(folder);
    expect(before.at(-1)).toMatchObject({ event: "run-interrupted", exit_code: 143 });
    expect(only(before, "run-interrupted")[0].message).toMatch(/stopped by SIGTERM in layer/);
    expect(only(before, "note").map(({ message }) => message)).toContain(
      "SIGTERM: stopping where nothing is lost.",
    );
    expect(rbmRg(folder, ...long).status).toBe(0);
    const after = eventsOf(folder).slice(before.length);
    expect(after[0]).toMatchObject({ event: "run-started", resumed: true });
    expect(only(after, "note")[0].message).toMatch(/^run continues at/);
    expect(names(after).at(-1)).toBe("run-finished");
    expect(only([...before, ...after], "epoch").map(({ layer, epoch }) => `${layer} ${epoch}`)).toEqual(
      [1, 2].flatMap((layer) => Array.from({ length: 60 }, (_, index) => `${layer} ${index + 1}`)),
    );
  });

  it("says why a run failed, or could not begin", () => {
    inFolder((folder) => {
      const diverging = ["train", "-q", ...model, "--learning-rate", "1e6", "--events", "e.jsonl"];
      expect(rbmRg(folder, ...diverging, "-o", "run").status).toBe(1);
      const failed = eventsOf(folder, "e.jsonl");
      expect(failed.at(-1)).toMatchObject({ event: "run-failed", run: "run", exit_code: 1 });
      expect(only(failed, "run-failed")[0].message).toMatch(/diverged/);
      expect(only(failed, "phase-finished").map(({ phase }) => phase)).toEqual(["sampling"]);
      expect(rbmRg(folder, ...train, "-o", "run", "--events", "e.jsonl").status).toBe(73);
      const refused = eventsOf(folder, "e.jsonl").slice(failed.length);
      expect(refused).toMatchObject([{ event: "run-failed", exit_code: 73 }]);
    });
  });

  it("- has stdout for itself", () => {
    inFolder((folder) => {
      const sample = ["sample", "-L", "4", "-K", "0.3,0.4", "-n", "200", "--events", "-", "-o", "data"];
      const { status, stdout, stderr } = rbmRg(folder, ...sample);
      expect(status).toBe(0);
      const one = ["run-started", "phase-started", "progress", "progress", "phase-finished", "run-finished"];
      const events = parseEvents(stdout);
      expect(names(events)).toEqual([...one, ...one]);
      expect(events[0]).toMatchObject({ run: "data/K0.3", kind: "dataset" });
      expect(stderr).toMatch(/data\/K0\.4: 200 configurations of 4x4/);
      const summary = rbmRg(folder, "train", ...model, "--epochs", "1", "--events", "-", "-o", "run");
      expect(names(parseEvents(summary.stdout)).at(-1)).toBe("run-finished");
      expect(summary.stderr).toMatch(/^layer +hidden/m);
      const both = rbmRg(folder, ...train, "--events", "-", "--json", "-o", "other");
      expect(both).toMatchObject({ status: 64, stdout: "" });
      expect(both.stderr).toMatch(/--events - and --json both write to stdout/);
      expect(existsSync(join(folder, "other"))).toBe(false);
    });
  });

  it("refuses a file that cannot be, before anything is computed", () => {
    inFolder((folder) => {
      mkdirSync(join(folder, "occupied"));
      for (const [file, status] of [
        ["", 64],
        ["absent/events.jsonl", 73],
        ["occupied", 73],
      ] as const) {
        const refused = rbmRg(folder, ...train, "-o", "run", "--events", file);
        expect(refused.stderr).toMatch(/^rbm-rg: .*(events|occupied)/);
        expect(refused.status).toBe(status);
        expect(existsSync(join(folder, "run"))).toBe(false);
      }
      const sample = ["sample", "-L", "4", "-K", "0.4", "-n", "50"];
      for (const command of [train, sample]) {
        const inside = rbmRg(folder, ...command, "-o", "occupied", "--events", "occupied/events.jsonl");
        expect(inside.stderr).toMatch(
          /--events occupied\/events\.jsonl is in occupied.*Choose a file outside/,
        );
        expect(inside.status).toBe(73);
        expect(readdirSync(join(folder, "occupied"))).toEqual([]);
      }
    });
  });

  it("a full disk or a closed pipe is told once, and changes nothing of the run", () => {
    inFolder((folder) => {
      expect(rbmRg(folder, ...train, "-o", "whole").status).toBe(0);
      const whole = everything(join(folder, "whole"));
      if (existsSync("/dev/full")) {
        const { status, stderr } = rbmRg(folder, ...train, "-o", "full", "--events", "/dev/full");
        expect(warnings(stderr)).toEqual([
          expect.stringMatching(/^rbm-rg: warning: cannot write \/dev\/full: the disk .* without events\.$/),
        ]);
        expect(status).toBe(0);
        expect(everything(join(folder, "full"))).toEqual(whole);
      }
      const command = `"${process.execPath}" "${bin}" ${train.join(" ")} -o piped --events - | head -n 1`;
      const shell = spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" });
      expect(names(parseEvents(shell.stdout))).toEqual(["run-started"]);
      expect(warnings(shell.stderr)).toEqual([
        expect.stringMatching(/^rbm-rg: warning: cannot write standard output: .* without events\.$/),
      ]);
      expect(everything(join(folder, "piped"))).toEqual(whole);
    });
  });

  it("a reader that is slow holds nothing up, and gets every line", () => {
    inFolder((folder) => {
      const command = `"${process.execPath}" "${bin}" train -q ${model.join(" ")} --epochs 60 -o run --events -`;
      const reader = `until grep -q '"finished": "' run/manifest.json; do sleep 0.1; done; cat > events.jsonl`;
      const shell = spawnSync("sh", ["-c", `${command} | (${reader})`], { cwd: folder, encoding: "utf8" });
      expect(warnings(shell.stderr)).toEqual([]);
      const text = readFileSync(join(folder, "events.jsonl"), "utf8");
      // more than a pipe holds
      expect(text.length).toBeGreaterThan(2 ** 16);
      const events = parseEvents(text);
      expect(only(events, "epoch")).toHaveLength(120);
      expect(names(events).at(-1)).toBe("run-finished");
    });
  });

  it("leaves whole lines when the process is killed at any moment", async () => {
    const folder = laterRemoved();
    const file = join(folder, "events.jsonl");
    const flags = [...train, "-o", "run", "--checkpoint-every", "1", "--events", "events.jsonl"];
    writeFileSync(file, '{"event":"torn by a power cut"');
    const rest = (): readonly WrittenEvent[] =>
      parseEvents(
        readFileSync(file, "utf8")
          .split(/(?<=\n)/)
          .slice(1)
          .join(""),
      );
    const finished: number[] = [];
    const victim = { folder, args: flags, run: join(folder, "run"), trained: "hidden-bias-2.csv" };
    const { kills } = await killRun(victim, 6, "events", () => finished.push(rest().length));
    expect(Object.values(kills).reduce((sum, count) => sum + count)).toBe(6);
    expect(only(rest(), "run-started").length).toBeGreaterThan(finished.length);
    expect(only(rest(), "run-finished").length).toBeGreaterThanOrEqual(finished.length - 1);
    expect(hasCheckpoint(join(folder, "run"))).toBe(false);
    expect(rbmRg(folder, "inspect", "events.jsonl").stdout).toMatch(/run-finished +\d/);
  }, 120_000);
});

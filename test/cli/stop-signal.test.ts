import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/errors/index.js";
import { readCheckpointInterval, readTimeLimit } from "../../src/cli/stop-options.js";
import { listenForStop, type SignalSource } from "../../src/cli/stop-signal.js";

function listen(limit: number | null = null) {
  const emitter = new EventEmitter();
  const exits: number[] = [];
  const notes: string[] = [];
  const clock = { now: 100 };
  const source: SignalSource = {
    on: (signal, listener) => emitter.on(signal, listener),
    off: (signal, listener) => emitter.off(signal, listener),
    exit: (code) => exits.push(code),
  };
  const listener = listenForStop(
    source,
    () => clock.now,
    limit,
    (message) => notes.push(message),
  );
  return { emitter, exits, notes, clock, listener };
}

describe("requests to stop", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGUSR1", 75],
  ] as const)("%s is one, with exit code %i", (signal, exitCode) => {
    const { emitter, exits, notes, listener } = listen();
    expect(listener.requested()).toBeNull();
    emitter.emit(signal);
    expect(listener.requested()).toEqual({ cause: signal, exitCode });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(signal);
    emitter.emit("SIGTERM");
    emitter.emit("SIGUSR1");
    expect(listener.requested()).toEqual({ cause: signal, exitCode });
    expect(notes).toHaveLength(1);
    expect(exits).toEqual([]);
  });

  it("a second Ctrl-C ends the process at once, but not the echo of the first that npx passes on", () => {
    const { emitter, exits, clock } = listen();
    emitter.emit("SIGINT");
    clock.now += 0.1;
    emitter.emit("SIGINT");
    expect(exits).toEqual([]);
    clock.now += 0.6;
    emitter.emit("SIGINT");
    expect(exits).toEqual([130]);
  });

  it("the time limit is one when it has passed", () => {
    const { clock, listener } = listen(200);
    clock.now = 199.9;
    expect(listener.requested()).toBeNull();
    clock.now = 200;
    expect(listener.requested()).toEqual({ cause: "its time limit", exitCode: 75 });
  });

  it("are heard no longer after closing", () => {
    const { emitter, listener } = listen();
    listener.close();
    expect(["SIGINT", "SIGTERM", "SIGUSR1"].map((signal) => emitter.listenerCount(signal))).toEqual([
      0, 0, 0,
    ]);
  });
});

describe("--time-limit", () => {
  it.each([
    ["00:00:01", 1],
    ["01:30:00", 5400],
    ["100:00:00", 360_000],
    ["1-02:00:00", 93_600],
    ["90s", 90],
    ["1.5m", 90],
    ["2h", 7200],
  ])("%s is %i seconds", (text, seconds) => {
    expect(readTimeLimit(text)).toBe(seconds);
  });

  it.each(["", "0s", "00:00:00", "90", "1:2", "00:60:00", "-1s", "1d", "5 m", "1-5", "NaNs"])(
    "refuses %j",
    (text) => {
      expect(() => readTimeLimit(text)).toThrow(UsageError);
    },
  );

  it("is none if not given", () => {
    expect(readTimeLimit(undefined)).toBeNull();
  });
});

describe("--checkpoint-every", () => {
  it("takes epochs and times, five minutes by default", () => {
    expect(readCheckpointInterval()).toEqual({ seconds: 300 });
    expect(readCheckpointInterval("3")).toEqual({ epochs: 3 });
    expect(readCheckpointInterval("30s")).toEqual({ seconds: 30 });
    expect(readCheckpointInterval("0.5h")).toEqual({ seconds: 1800 });
  });

  it.each(["", "0", "-1", "1.5", "0s", "often", "5 epochs"])("refuses %j", (text) => {
    expect(() => readCheckpointInterval(text)).toThrow(
      /--checkpoint-every .*expected a number of epochs ≥ 1/,
    );
  });
});

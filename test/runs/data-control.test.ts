import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { dataControls } from "../../src/analysis/controls/index.js";
import { ConfigError } from "../../src/errors/index.js";
import { makeDataset } from "../../src/experiment/make-dataset.js";
import { parseCsv } from "../../src/io/index.js";
import { getBit } from "../../src/kernels/index.js";
import {
  type Dataset,
  isFileSource,
  parseYaml,
  readDataset,
  resolveConfig,
  runIdentity,
  writtenForm,
} from "../../src/runs/index.js";
import { inFolder } from "./in-folder.js";
import { stillEnvironment } from "./still-environment.js";

const sample = { lattice: "4x4", coupling: 0.3, samples: 300, chains: 4 };

async function made(folder: string, name: string, control?: string): Promise<Dataset> {
  const { data } = resolveConfig({ sample: { ...sample, ...(control === undefined ? {} : { control }) } });
  if (isFileSource(data)) throw new Error("expected a sample source");
  const path = join(folder, name);
  const checkpoint = join(folder, `.${name}.checkpoint`);
  return (await makeDataset(data, "7", path, stillEnvironment, { replace: false, checkpoint })).dataset;
}

/** Σ v of every row, sorted. */
function rowSums({ rows }: Dataset): readonly number[] {
  return Array.from({ length: rows.rows }, (_, row) =>
    Array.from({ length: rows.columns }, (__, site) => 2 * getBit(rows, row, site) - 1).reduce(
      (a, b) => a + b,
      0,
    ),
  );
}

function exactColumn(folder: string, name: string): readonly string[] {
  const path = join(folder, name, "observables.csv");
  return parseCsv(readFileSync(path, "utf8"), path).rows.map((row) => row["exact"]);
}

describe("sample.control", () => {
  it("is part of the written configuration and of the run's identity, and absent without one", () => {
    const identity = (control?: string): string =>
      runIdentity(
        resolveConfig({ sample: { ...sample, ...(control === undefined ? {} : { control }) } }),
        null,
      );
    expect(identity("none")).toBe(identity());
    const all = Object.keys(dataControls).map(identity);
    expect(new Set([identity(), ...all]).size).toBe(1 + all.length);
    expect(JSON.stringify(writtenForm(resolveConfig({ sample })))).not.toContain("control");
    for (const control of Object.keys(dataControls)) {
      const config = resolveConfig({ sample: { ...sample, control }, model: { control: "pixel-shuffled" } });
      expect(resolveConfig(parseYaml(stringify(writtenForm(config)), "test"))).toEqual(config);
    }
  });

  it("changes the data as the control says, the same way each time, and reads back", async () => {
    await inFolder(async (folder) => {
      const plain = await made(folder, "plain");
      const permuted = await made(folder, "permuted", "site-permuted");
      expect(rowSums(permuted)).toEqual(rowSums(plain));
      expect(permuted.rows.words).not.toEqual(plain.rows.words);
      for (const control of Object.keys(dataControls)) {
        const first = await made(folder, `${control}-1`, control);
        const second = await made(folder, `${control}-2`, control);
        expect(second.sha256).toBe(first.sha256);
        const read = readDataset(join(folder, `${control}-1`));
        expect(read).toEqual(first);
        expect(read.control).toEqual({ name: control, source: plain.model });
      }
    });
  });

  it("has exact values only where the data are of an Ising model still", async () => {
    await inFolder(async (folder) => {
      await made(folder, "plain");
      expect(exactColumn(folder, "plain").some((text) => text !== "")).toBe(true);
      for (const control of ["site-permuted", "gaussian-clone"]) {
        const { model } = await made(folder, control, control);
        expect(model).toBeNull();
        expect(exactColumn(folder, control).every((text) => text === "")).toBe(true);
      }
      const { model } = await made(folder, "hot", "infinite-temperature");
      expect(model?.coupling).toBe(0);
      const [energy] = exactColumn(folder, "hot");
      expect(Math.abs(Number(energy))).toBe(0);
      expect(existsSync(join(folder, ".hot.checkpoint"))).toBe(false);
    });
  });

  it.each([
    [{ sample: { ...sample, control: "shuffled" } }, "sample.control"],
    [{ sample, model: { control: "site-permuted" } }, "model.control"],
    [{ sample: { ...sample, control: "gaussian-clone" }, train: { objective: "trace" } }, "train.estimator"],
    [{ sample: { ...sample, control: "site-permuted" }, train: { dataPhase: "exact" } }, "train.data_phase"],
  ] as const)("refuses %j", (raw, path) => {
    try {
      resolveConfig(raw);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).issues.map((issue) => issue.path)).toContain(path);
    }
  });
});

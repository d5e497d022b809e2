import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder, rbmRg } from "./run.js";

const file = `
sample: { lattice: 8x8, temperature: 2.5 }
model: { hidden: [16] }
scales:
  smoke: { sample: { samples: 100 }, train: { epochs: 2 } }
`;

interface Row {
  readonly path: string;
  readonly value: unknown;
  readonly origin: string;
}

describe("rbm-rg config show", () => {
  it("prints what train would take, and reads it back", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "a.yaml"), file);
      const shown = rbmRg(folder, "config", "show", "--config", "a.yaml", "--set", "train.l1=0.01");
      expect(shown.status, shown.stderr).toBe(0);
      writeFileSync(join(folder, "b.yaml"), shown.stdout);
      expect(rbmRg(folder, "config", "show", "--config", "b.yaml").stdout).toBe(shown.stdout);
      expect(shown.stdout).toContain("coupling: 0.4\n");
      expect(shown.stdout).toContain("l1: 0.01\n");
      expect(existsSync(join(folder, "results"))).toBe(false);
    });
  });

  it("says where every value comes from", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "a.yaml"), file);
      const args = ["--config", "a.yaml", "--scale", "smoke", "--set", "train.batch-size=10", "--seed", "7"];
      const { stdout } = rbmRg(folder, "config", "show", ...args, "--origin", "--json");
      const origin = new Map((JSON.parse(stdout) as Row[]).map((row) => [row.path, row.origin]));
      expect(origin.get("seed")).toBe("--seed");
      expect(origin.get("train.batch_size")).toBe("--set");
      expect(origin.get("sample.coupling")).toBe("a.yaml");
      expect(origin.get("sample.samples")).toBe("a.yaml, scale smoke");
      expect(origin.get("train.epochs")).toBe("a.yaml, scale smoke");
      expect(origin.get("train.momentum")).toBe("default");
      const table = rbmRg(folder, "config", "show", ...args, "--origin").stdout;
      expect(table).toMatch(/train\.momentum +0\.5 +default/);
    });
  });

  it("refuses what train refuses, all at once, with exit code 78", () => {
    inFolder((folder) => {
      const { status, stderr } = rbmRg(
        folder,
        "config",
        "show",
        "--set",
        "train.epochs=-1",
        "--set",
        "train.l3=1",
      );
      expect(status).toBe(78);
      for (const key of ["train.epochs", "train.l3", "sample.lattice"]) expect(stderr).toContain(key);
    });
  });
});

describe("rbm-rg config schema", () => {
  it("is a JSON Schema with every section, in the spelling of files", () => {
    inFolder((folder) => {
      const { status, stdout } = rbmRg(folder, "config", "schema");
      expect(status).toBe(0);
      const schema = JSON.parse(stdout) as {
        properties: Record<string, { properties?: Record<string, unknown> }>;
        additionalProperties: boolean;
      };
      expect(Object.keys(schema.properties)).toEqual([
        "name",
        "seed",
        "data",
        "sample",
        "model",
        "train",
        "analyses",
      ]);
      expect(schema.additionalProperties).toBe(false);
      expect(Object.keys(schema.properties["train"].properties ?? {})).toContain("learning_rate");
      expect(stdout).not.toContain("learningRate");
    });
  });
});

describe("rbm-rg config diff", () => {
  it("names the keys that differ, with both values", () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "a.yaml"), file);
      writeFileSync(join(folder, "b.yaml"), file.replace("2.5", "2").replace("[16]", "[16, 4]"));
      const { status, stdout } = rbmRg(folder, "config", "diff", "a.yaml", "b.yaml", "--json");
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toEqual([
        { path: "name", left: "8x8-K0.4-h16", right: "8x8-K0.5-h16-4" },
        { path: "sample.coupling", left: 0.4, right: 0.5 },
        { path: "model.hidden", left: [16], right: [16, 4] },
      ]);
      expect(rbmRg(folder, "config", "diff", "a.yaml", "a.yaml").stdout).toBe("no differences\n");
      expect(rbmRg(folder, "config", "diff", "a.yaml", "nowhere.yaml").status).toBe(66);
    });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/index.js";
import { resolveConfig, writtenForm } from "../../src/runs/index.js";
import { flatConfig } from "../../src/runs/config/flat-config.js";
import { camelCase, overlay, parseYaml, type RawConfig, withPath } from "../../src/runs/config/index.js";

const valid: RawConfig = { sample: { lattice: "6x6", coupling: 0.4 }, model: { hidden: [8] } };
const keys = flatConfig(writtenForm(resolveConfig(valid))).map(([path]) =>
  path.split(".").map(camelCase).join("."),
);

/** Values of every kind, among them those a typing error makes. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    NaN,
    Infinity,
    -Infinity,
    0,
    -1,
    1.5,
    1e300,
    2 ** 53,
    "",
    "auto",
    "0",
    "40×40",
    "__proto__",
  ),
  fc.integer(),
);
const key = fc.oneof(
  fc.constantFrom(...keys),
  fc.constantFrom(...keys).map((path) => `${path}s`),
  fc.string({ maxLength: 12 }).map((text) => `train.${text.replaceAll(".", "")}`),
  fc.constantFrom("train", "sample", "model", "data", "data.path", "__proto__", "constructor", "toString"),
);

function attempt(config: RawConfig): ConfigError | null {
  try {
    resolveConfig(config, "fuzz");
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

describe("configurations", () => {
  it("3,000 with one to four keys set at random: they resolve, or a ConfigError says what is wrong", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 4 }), (changes) => {
        const config = changes.reduce((result, [path, entry]) => withPath(result, path, entry), valid);
        const error = attempt(config);
        if (error === null) return;
        expect(error.exitCode).toBe(78);
        expect(error.message).not.toMatch(/undefined|\[object/);
      }),
      { seed: 2, numRuns: 3000 },
    );
  });

  it("1,000 with one key of the wrong kind: the message names it", () => {
    const wrong = fc.constantFrom([], {}, [[1]], { a: 1 }, null);
    fc.assert(
      fc.property(
        fc.constantFrom(...keys.filter((path) => path !== "model.hidden")),
        wrong,
        (path, entry) => {
          const error = attempt(withPath(valid, path, entry));
          expect(error, `${path} = ${JSON.stringify(entry)}`).not.toBeNull();
          const written = path.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
          expect(error?.message).toContain(written);
        },
      ),
      { seed: 3, numRuns: 1000 },
    );
  });

  it("1,000 texts as YAML: an object, or a ConfigError", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.tuple(fc.constantFrom(...keys), fc.string({ maxLength: 8 })).map(([k, text]) => `${k}: ${text}`),
      fc.constantFrom("a: &x [*x]", "<<: *y", "? [a]", "!!js/function x", "- 1", "train: {", "%YAML 9.9"),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        try {
          const config = parseYaml(lines.join("\n"), "fuzz");
          attempt(overlay(valid, config));
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
        }
      }),
      { seed: 4, numRuns: 1000 },
    );
  });
});

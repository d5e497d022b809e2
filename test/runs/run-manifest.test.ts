import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError, MissingInputError } from "../../src/errors/index.js";
import { readManifest } from "../../src/runs/run-manifest.js";
import { temporaryFolder } from "../io/temporary.js";

/** What is said of a folder with this manifest; null for a folder without one. */
function refusal(manifest: string | null): unknown {
  const folder = temporaryFolder();
  if (manifest !== null) writeFileSync(join(folder, "manifest.json"), manifest);
  try {
    return readManifest(folder);
  } catch (error) {
    return error;
  }
}

describe("a folder that is no run", () => {
  it.each([
    [null, MissingInputError, /has no manifest\.json, so it is no run/],
    ['{ "kind": "dataset" }', DataError, /is a dataset, not a run; rbm-rg train --data \S+ trains on it/],
    ['{ "kind": "analysis" }', DataError, /manifest\.json is not the manifest of a run/],
  ] as const)("with the manifest %s is refused for what it is", (manifest, type, message) => {
    const error = refusal(manifest);
    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toMatch(message);
  });
});

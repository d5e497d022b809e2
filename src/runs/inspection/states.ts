import { DataError } from "../../errors/index.js";
import { readCheckpointFile, readSamplingFile } from "../checkpoint-file.js";
import { type FileFacts, flatten } from "./inspection.js";

/** How far a checkpoint is, and whether it is whole. */
export function checkpointFacts(path: string): FileFacts {
  try {
    if (path.endsWith("sampling.checkpoint")) return samplingFacts(path);
    const { arrays, metrics, finished, ...header } = readCheckpointFile(path);
    return {
      kind: "checkpoint",
      facts: [
        ["whole", "yes"],
        ...flatten({
          ...header,
          finished_layers: finished.length,
          metrics_rows: Math.max(0, metrics.split("\n").length - 2),
          arrays: arrays.map(({ name, type, length }) => `${name} (${length} × ${type})`),
        }),
      ],
    };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { kind: "checkpoint", facts: [["whole", `no: ${error.message}`]] };
  }
}

function samplingFacts(path: string): FileFacts {
  const { arrays, ...header } = readSamplingFile(path);
  const list = arrays.map(({ name, type, length }) => `${name} (${length} × ${type})`);
  return {
    kind: "checkpoint of a sampling",
    facts: [["whole", "yes"], ...flatten({ ...header, arrays: list })],
  };
}

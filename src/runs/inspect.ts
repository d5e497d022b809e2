import { basename, dirname, extname, resolve } from "node:path";
import { MissingInputError, RbmRgError } from "../errors/index.js";
import { pathStatus, readNpy, readNpz } from "../io/index.js";
import { jsonFacts, lockFacts, yamlFacts } from "./inspection/documents.js";
import { type FileKind, fileKind } from "./inspection/file-kinds.js";
import { inspectFolder } from "./inspection/folders.js";
import { type FileFacts, type Inspection } from "./inspection/inspection.js";
import { conventionNames } from "./interchange/convention.js";
import { pngFacts, svgFacts } from "./inspection/pictures.js";
import { checkpointFacts } from "./inspection/states.js";
import { tableFacts, tableMeaning } from "./inspection/tables.js";
import { eventFacts, logFacts, scriptFacts } from "./inspection/texts.js";

export type { Inspection } from "./inspection/inspection.js";

/** What a file holds, and what it is if its content says so, wherever it lies. */
interface Contents extends FileFacts {
  readonly meaning: string | null;
}

/** Files up to this size are looked through for events, whatever they are called. In bytes. */
const MAX_EVENTS = 2 ** 27;

const EVENTS =
  "What happened in runs, an event a line, as --events writes it: newline-delimited JSON for dashboards and scripts.";

const EXPORTED =
  "An RBM or stack as rbm-rg export writes it; lower_state, energy_sign and hidden_first say how to read it. rbm-rg import reads it.";

/**
 * Say what a folder or file of this program is, and what a foreign file holds as far as it can be told. MissingInputError
 * if there is nothing at `path`; DataError, ConfigError if a file of ours is damaged.
 */
export function inspectPath(path: string): Inspection {
  const status = pathStatus(path);
  if (status === undefined) throw new MissingInputError(`${path} does not exist.`);
  if (status.isDirectory()) return inspectFolder(path);
  if (!status.isFile())
    return { kind: "device or pipe", facts: [], meaning: "Not a file on disk; it is not read." };
  return inspectFile(path, status.size);
}

function inspectFile(path: string, bytes: number): Inspection {
  const place = resolve(path);
  const known = fileKind(basename(dirname(place)), basename(place));
  const { kind, facts, columns, meaning } = contents(path, bytes, known);
  return {
    kind,
    facts: [["bytes", String(bytes)], ...facts],
    meaning: known?.meaning ?? meaning ?? "Not a file this program writes.",
    ...(columns === undefined ? {} : { columns }),
  };
}

/** Read a file as what its name says. One that is not ours need not be what it is called. */
function contents(path: string, bytes: number, known: FileKind | null): Contents {
  const unknown = { kind: "file", facts: [], meaning: null };
  try {
    return (known === null ? eventsIn(path, bytes) : null) ?? read(path, bytes, known) ?? unknown;
  } catch (error) {
    if (known !== null || !(error instanceof RbmRgError)) throw error;
    return unknown;
  }
}

function read(path: string, bytes: number, known: FileKind | null): Contents | null {
  const only = (facts: FileFacts): Contents => ({ ...facts, meaning: null });
  switch (extname(path)) {
    case ".npy": {
      const { dtype, shape } = readNpy(path);
      return only({
        kind: "NumPy array",
        facts: [
          ["dtype", dtype],
          ["shape", `(${shape.join(", ")})`],
        ],
      });
    }
    case ".npz": {
      const arrays = readNpz(path);
      return {
        kind: "NumPy archive",
        facts: Array.from(arrays, ([name, array]) => [name, `${array!.dtype} (${array!.shape.join(", ")})`]),
        meaning: arrays.has(conventionNames.energySign) ? EXPORTED : null,
      };
    }
    case ".csv": {
      const table = tableFacts(path, bytes, known?.table ?? "");
      return { ...table, meaning: tableMeaning(table) };
    }
    case ".json":
      return jsonFacts(path);
    case ".yaml":
    case ".yml":
      return yamlFacts(path);
    case ".checkpoint":
      return only(checkpointFacts(path));
    case ".lock":
      return only(lockFacts(path));
    case ".log":
      return only(logFacts(path));
    case ".sh":
      return only(scriptFacts(path));
    case ".png":
      return only(pngFacts(path));
    case ".svg":
      return only(svgFacts(path));
    default:
      if (basename(path) === ".lock") return only(lockFacts(path));
      return null;
  }
}

function eventsIn(path: string, bytes: number): Contents | null {
  const facts = bytes <= MAX_EVENTS ? eventFacts(path) : null;
  return facts === null ? null : { ...facts, meaning: EVENTS };
}

import { type Document, LineCounter, parseDocument } from "yaml";
import { ConfigError } from "../../errors/index.js";
import { readText } from "../../io/index.js";
import { camelCase, isPlainObject, renameKeys } from "./keys.js";
import { overlay, type RawConfig } from "./layers.js";

/** The named overlays of a configuration file (`scales:`), for example smoke, standard and paper. */
const SCALES_KEY = "scales";

/**
 * Read a YAML configuration file. Its optional `scales` section maps names to overlays of the rest; `scale` chooses one
 * (a name without an overlay is the file itself, if it is `standard`). MissingInputError or ConfigError with line numbers.
 */
export function readConfigFile(path: string, scale = "standard"): RawConfig {
  const { [SCALES_KEY]: scales, ...base } = parseYaml(readText(path), path);
  if (scales !== undefined && !isPlainObject(scales)) {
    throw new ConfigError(
      [{ path: SCALES_KEY, message: "expected names with the keys each of them changes" }],
      path,
    );
  }
  const overlays = scales ?? {};
  const chosen = overlays[scale];
  if (chosen === undefined && scale !== "standard") {
    const known = [...new Set(["standard", ...Object.keys(overlays)])];
    throw new ConfigError(
      [{ path: "--scale", message: `"${scale}": ${path} defines ${known.join(", ")}` }],
      path,
    );
  }
  return isPlainObject(chosen) ? overlay(base, chosen) : base;
}

/** Parse YAML text into an object with camelCase keys. Duplicate keys, aliases gone wild and non-objects are errors. */
export function parseYaml(text: string, origin: string): RawConfig {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: true, logLevel: "error" });
  if (document.errors.length > 0) {
    const issues = document.errors.map(({ message, linePos }) => ({
      path: linePos === undefined ? "" : `line ${linePos[0].line}`,
      message: message.split("\n")[0],
    }));
    throw new ConfigError(issues, origin);
  }
  const value = renameKeys(toPlain(document, origin), camelCase);
  if (!isPlainObject(value)) {
    throw new ConfigError([{ path: "", message: "expected keys and values, such as `seed: 1`" }], origin);
  }
  return value;
}

/** The document as plain values. Aliases to nothing, to what holds them, or that multiply without end, are errors of the file. */
function toPlain(document: Document, origin: string): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
    if (holdsItself(value, [])) throw new TypeError("an alias refers to a value that holds it");
    return value;
  } catch (error) {
    throw new ConfigError(
      [{ path: "", message: error instanceof Error ? error.message : String(error) }],
      origin,
    );
  }
}

function holdsItself(value: unknown, above: readonly unknown[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (above.includes(value)) return true;
  return Object.values(value).some((entry) => holdsItself(entry, [...above, value]));
}

import { readText } from "../io/index.js";
import { isPlainObject, parseYaml } from "../runs/index.js";
import { studyFile } from "./study-file.js";

/** What every file is at, whether it says so or not. */
const STANDARD = "standard";

/** The scales of a packaged study: the names that its file gives to overlays, and the file itself. */
export function studyScales(name: string): readonly string[] {
  const file = studyFile(name);
  const { scales } = parseYaml(readText(file), file);
  return [...new Set([STANDARD, ...(isPlainObject(scales) ? Object.keys(scales) : [])])];
}

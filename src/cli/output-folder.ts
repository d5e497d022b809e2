import { OutputError, UsageError } from "../errors/index.js";
import { pathStatus, requireWritable } from "../io/index.js";

/** Check before any work that `-o` names a folder which is there or can be made. */
export function requireOutputFolder(path: string): void {
  if (path.trim() === "") throw new UsageError("-o needs the name of a folder.");
  if (pathStatus(path)?.isDirectory() === false) {
    throw new OutputError(`${path} is a file; expected a folder. Choose another -o.`);
  }
  requireWritable(path);
}

import { dirname } from "node:path";
import { OutputError } from "../errors/index.js";
import { messageOf, systemErrorCode } from "./system-error.js";

/**
 * The result of `write`, which writes `path` in `folder`; what the operating system refuses becomes an OutputError.
 */
export function explainWriting<T>(path: string, write: () => T, folder = dirname(path)): T {
  try {
    return write();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new OutputError(`cannot write ${path}: ${reason(code, folder, error)}`, { cause: error });
  }
}

function reason(code: string, folder: string, error: unknown): string {
  switch (code) {
    case "EACCES":
    case "EPERM":
      return `no permission to write in ${folder}. Change its permissions or choose another folder.`;
    case "EROFS":
      return `${folder} is on a read-only file system. Choose another folder.`;
    case "ENOSPC":
      return `the disk of ${folder} is full. Free some space or choose another folder.`;
    case "EDQUOT":
      return `your disk quota in ${folder} is used up. Free some space or choose another folder.`;
    case "ENOENT":
      return `${folder} does not exist, or its file system cannot hold it. Create the folder or choose another.`;
    case "ENOTDIR":
      return "a part of this path is a file, not a folder. Choose another path.";
    case "EISDIR":
      return "it is a folder; expected the name of a file. Name a file inside it.";
    case "EEXIST":
      return "a file of this name exists already. Remove it or choose another name.";
    case "ENOTEMPTY":
      return "the folder exists and is not empty. Remove it or choose another name.";
    case "ENAMETOOLONG":
      return "the name is too long for the file system. Choose a shorter one.";
    default:
      return `${messageOf(error)}.`;
  }
}

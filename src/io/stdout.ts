import { fstatSync, writeFileSync } from "node:fs";
import { explainWriting } from "./output-failure.js";

const STDOUT = 1;

/**
 * Write text to standard output. OutputError if that is a file that cannot take it all: Node writes to a file once, and
 * takes no notice if only a part of the text finds room on the disk.
 */
export function writeStdout(text: string): void {
  if (!isFile()) {
    process.stdout.write(text);
    return;
  }
  explainWriting(
    "standard output",
    () => {
      writeFileSync(STDOUT, text);
    },
    "the file it goes to",
  );
}

function isFile(): boolean {
  try {
    return fstatSync(STDOUT).isFile();
  } catch {
    return false;
  }
}

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("../../configs/studies/", import.meta.url);

/** The sweep of a packaged study. */
export function studyFile(name: string): string {
  return fileURLToPath(new URL(`${name}.yaml`, folder));
}

/** The names of all packaged studies: of the files that lie with them. */
export function studyNames(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^\w[\w.-]*\.yaml$/.test(name))
    .map((name) => name.replace(/\.yaml$/, ""))
    .sort();
}

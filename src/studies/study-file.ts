import { fileURLToPath } from "node:url";

/** The sweep of a packaged study. */
export function studyFile(name: string): string {
  return fileURLToPath(new URL(`../../configs/studies/${name}.yaml`, import.meta.url));
}

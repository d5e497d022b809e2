import { execFileSync } from "node:child_process";
import { describe } from "vitest";

const required = process.env["RBM_RG_REQUIRE_NUMPY"] !== undefined;

/** Tests against NumPy, skipped where it is missing unless RBM_RG_REQUIRE_NUMPY is set. */
export const describeWithNumpy = describe.skipIf(!required && !isThere());

/** What a Python script prints when it is run with these arguments. */
export function python(script: string, ...args: readonly string[]): string {
  return execFileSync("python3", ["-c", script, ...args], { encoding: "utf8", maxBuffer: 2 ** 26 });
}

function isThere(): boolean {
  try {
    execFileSync("python3", ["-c", "import numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

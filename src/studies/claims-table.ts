import { formatCsv } from "../io/index.js";
import type { Claim } from "./study.js";

/** claims.csv: claim, measured, verdict. */
export function claimsCsv(claims: readonly Claim[]): string {
  return formatCsv(
    ["claim", "measured", "verdict"],
    claims.map(({ claim, measured, verdict }) => [claim, measured, verdict]),
  );
}

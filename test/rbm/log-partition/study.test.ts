import { describe, expect, it } from "vitest";
import {
  estimateLogPartition,
  type LogPartitionEstimatorName,
  type NamedEstimate,
} from "../../../src/rbm/log-partition/index.js";
import { problemOf, studyCases } from "./cases.js";

/** Half an hour or more; a small version is in estimators.test.ts. */
const wanted = process.env["RBM_RG_TEST_STUDIES"] !== undefined;

interface Outcome {
  readonly name: string;
  readonly exact: number;
  readonly estimates: ReadonlyMap<LogPartitionEstimatorName, NamedEstimate>;
}

describe.skipIf(!wanted)("the estimators of ln Z on 64 layers with 20 hidden units", () => {
  it(
    "are within 0.1 nat and 3 of their own errors in at least 95 % of them, and in order",
    async () => {
      const outcomes: Outcome[] = [];
      for await (const one of studyCases()) {
        const [exact, ...rest] = await estimateLogPartition(problemOf(one));
        const estimates = new Map(rest.map((estimate) => [estimate.estimator, estimate] as const));
        outcomes.push({ name: one.name, exact: exact.value, estimates });
        console.log(one.name, ...rest.map((estimate) => describeEstimate(estimate, exact.value)));
      }
      expect(outcomes).toHaveLength(64);
      for (const name of ["ais", "reverse-ais", "bennett"] as const) {
        const good = outcomes.filter(({ exact, estimates }) => {
          const { value, error } = estimates.get(name)!;
          const off = Math.abs(value - exact);
          return off <= 0.1 && off <= 3 * error;
        });
        const doubted = outcomes.filter(({ estimates }) => estimates.get(name)!.doubt !== null);
        console.log(`${name}: ${good.length} of ${outcomes.length} good, ${doubted.length} doubted`);
        expect(good.length / outcomes.length).toBeGreaterThanOrEqual(0.95);
        expect(doubted.length / outcomes.length).toBeLessThanOrEqual(0.05);
      }
      const ordered = outcomes.filter(({ exact, estimates }) => {
        const [lower, upper] = [estimates.get("ais")!, estimates.get("reverse-ais")!];
        return lower.value - 3 * lower.error <= exact && exact <= upper.value + 3 * upper.error;
      });
      console.log(`in order within errors: ${ordered.length} of ${outcomes.length}`);
      expect(ordered.length / outcomes.length).toBeGreaterThanOrEqual(0.95);
    },
    4 * 3600_000,
  );
});

function describeEstimate({ estimator, value, error, doubt }: NamedEstimate, exact: number): string {
  return `\n  ${estimator} ${(value - exact).toFixed(3)} ± ${error.toFixed(3)} ${doubt ?? ""}`;
}

import * as v from "valibot";
import type { ConfigIssue } from "../errors/index.js";
import { check } from "./check-value.js";
import type { Axis } from "./definition.js";
import { SEED_KEY } from "./matrix.js";

const EXPECTED = "expected how many (seeds 1, 2, …) or a list such as [1, 2, 3]";

const seedsSchema = v.union(
  [
    v.pipe(
      v.number(),
      v.check((n) => Number.isSafeInteger(n) && n >= 1, EXPECTED),
    ),
    v.pipe(
      v.array(
        v.union(
          [
            v.pipe(v.number(), v.finite("expected a finite number"), v.transform(String)),
            v.pipe(v.string(), v.nonEmpty("expected text")),
          ],
          "expected a number or text",
        ),
      ),
      v.nonEmpty(EXPECTED),
    ),
  ],
  EXPECTED,
);

/**
 * The axis that `seeds` makes, null without it: as many as it says (at most `most`), counted from 1, or those it lists.
 * With `seed` each is named anew, `seed.1` in place of `1`.
 */
export function readSeeds(
  value: unknown,
  seed: string | undefined,
  most: number,
  issues: ConfigIssue[],
): Axis | null {
  const seeds = check(seedsSchema, value, "seeds", issues);
  if (seeds === undefined) return null;
  const list =
    typeof seeds === "number"
      ? Array.from({ length: Math.min(seeds, most) }, (_, k) => String(k + 1))
      : seeds;
  const twice = typeof seeds === "number" ? undefined : list.find((s, index) => list.indexOf(s) !== index);
  if (twice !== undefined) issues.push({ path: "seeds", message: `${twice} occurs twice; remove one` });
  const named = seed === undefined ? list : list.map((own) => `${seed}.${own}`);
  return { keys: [SEED_KEY], points: named.map((own) => ({ [SEED_KEY]: own })) };
}

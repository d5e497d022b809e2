import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandAssignments } from "../../src/sweep/expand.js";
import type { AssignedValue, Assignment, Axis, Exclusion } from "../../src/sweep/index.js";
import { expandNumbers } from "../../src/sweep/number-range.js";

const value: fc.Arbitrary<AssignedValue> = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom("a", "b"),
  fc.boolean(),
  fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 2 }),
);

/** Up to three axes of one to two keys each, with one to three points. */
const axes: fc.Arbitrary<readonly Axis[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 })), { maxLength: 3 })
  .chain((shapes) =>
    fc.tuple(
      ...shapes.map(([width, length], axis) => {
        const keys = Array.from({ length: width }, (_, k) => `section.key${axis}${k}`);
        const point = fc.tuple(...keys.map(() => value));
        return fc.array(point, { minLength: length, maxLength: length }).map((points) => ({
          keys,
          points: points.map((values) => Object.fromEntries(keys.map((key, k) => [key, values[k]]))),
        }));
      }),
    ),
  );

/** An exclusion of some keys, each with some of the values it takes. */
function exclusions(all: readonly Axis[]): fc.Arbitrary<readonly Exclusion[]> {
  const keys = all.flatMap(({ keys: own }) => own);
  if (keys.length === 0) return fc.constant([]);
  const values = (key: string): readonly AssignedValue[] =>
    all.flatMap(({ points }) => points.flatMap((point) => (key in point ? [point[key]] : [])));
  const one = fc
    .subarray(keys, { minLength: 1 })
    .chain((chosen) =>
      fc
        .tuple(...chosen.map((key) => fc.subarray([...values(key)], { minLength: 1 })))
        .map((lists) => Object.fromEntries(chosen.map((key, k) => [key, lists[k]]))),
    );
  return fc.array(one, { maxLength: 2 });
}

/** The slow and obvious way: count through all index tuples, compare values as text. */
function naive(all: readonly Axis[], exclude: readonly Exclusion[]): readonly Assignment[] {
  const total = all.reduce((product, { points }) => product * points.length, 1);
  const found: Assignment[] = [];
  for (let number = 0; number < total; number++) {
    let rest = number;
    const parts: Assignment[] = [];
    for (const { points } of [...all].reverse()) {
      parts.unshift(points[rest % points.length]);
      rest = Math.floor(rest / points.length);
    }
    const assignment = Object.assign({}, ...parts) as Assignment;
    const out = exclude.some((exclusion) =>
      Object.keys(exclusion).every((key) =>
        exclusion[key].some((v) => JSON.stringify(v) === JSON.stringify(assignment[key])),
      ),
    );
    if (!out) found.push(assignment);
  }
  return found;
}

describe("expandAssignments", () => {
  it("is the product of the axes without what is excluded, the last axis fastest", () => {
    const cases = axes.chain((all) => fc.tuple(fc.constant(all), exclusions(all)));
    fc.assert(
      fc.property(cases, ([all, exclude]) => {
        expect(expandAssignments({ axes: all, exclude })).toEqual(naive(all, exclude));
      }),
      { numRuns: 300 },
    );
  });

  it("of nothing is one task, the base itself", () => {
    expect(expandAssignments({ axes: [], exclude: [] })).toEqual([{}]);
  });
});

describe("expandNumbers", () => {
  it.each([
    ["2.0:3.0:0.25", [2, 2.25, 2.5, 2.75, 3]],
    ["2.2:2.4:0.1", [2.2, 2.3, 2.4]],
    ["0.1:0.3:0.1,1", [0.1, 0.2, 0.3, 1]],
    ["3:1:-1", [3, 2, 1]],
    ["5", [5]],
  ])("%s", (text, numbers) => {
    expect(expandNumbers(text)).toEqual(numbers);
  });

  it.each(["", "a", "1:2", "3:2:0.1", "1:2:0", "0:1:1e-9", "1:2:3:4", "1,,2", "8x8", "1:inf:1"])(
    "refuses %j",
    (text) => {
      expect(expandNumbers(text)).toBeNull();
    },
  );
});

import { afterAll, expect, it } from "vitest";
import { CopiedTree } from "./copied-tree.js";
import type { NamedTest } from "./fault.js";
import { faults } from "./faults.js";
import type { TestOutcome } from "./outcomes.js";

const tree = new CopiedTree();
afterAll(() => {
  tree.remove();
});

function named(outcomes: readonly TestOutcome[], wanted: NamedTest): readonly TestOutcome[] {
  return outcomes.filter(({ file, name }) => file === wanted.file && name.includes(wanted.name));
}

it("without a fault all of the tests named here pass", async () => {
  const outcomes = await tree.run(faults.map(({ caughtBy }) => caughtBy));
  for (const { id, caughtBy } of faults) {
    const own = named(outcomes, caughtBy);
    expect(own.length, `${id}: tests "${caughtBy.name}" in ${caughtBy.file}`).toBeGreaterThan(0);
    for (const { name, failures } of own) expect(failures, name).toEqual([]);
  }
});

it("every fault has its own name, and there are at least 20", () => {
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
  expect(faults.length).toBeGreaterThanOrEqual(20);
});

// An error of another kind than a false assertion would only prove that the fault is a crude one.
for (const fault of faults) {
  const { id, falsifies, caughtBy } = fault;
  it(`${id}: ${falsifies} → ${caughtBy.file}: ${caughtBy.name}`, async () => {
    const outcomes = await tree.withFault(fault, () => tree.run([caughtBy]));
    const failures = named(outcomes, caughtBy).flatMap((outcome) => outcome.failures);
    const caught = failures.some((failure) => failure.startsWith("AssertionError"));
    expect(caught, `survived; ${failures.join("; ") || "all passed"}`).toBe(true);
  });
}

import { writeFileSync } from "node:fs";
import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";
import type { Outcomes } from "../outcomes.js";

/** Writes the outcomes of all tests that ran to the file that RBM_RG_OUTCOMES names. */
export default class OutcomeReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const outcomes: Outcomes = {
      unloaded: modules.flatMap((module) =>
        module.errors().map(({ message }) => `${module.relativeModuleId}: ${message}`),
      ),
      tests: modules.flatMap((module) =>
        [...module.children.allTests()].flatMap((test) => {
          const { state, errors } = test.result();
          if (state !== "passed" && state !== "failed") return [];
          const kinds = (errors ?? []).map(rootCause);
          return [{ file: module.relativeModuleId, name: spacedName(test), failures: kinds }];
        }),
      ),
    };
    writeFileSync(process.env["RBM_RG_OUTCOMES"]!, JSON.stringify(outcomes));
  }
}

/** The names of a test and the suites around it, as vitest's -t sees them. */
function spacedName(test: TestCase): string {
  const names = [test.name];
  for (let place = test.parent; place.type === "suite"; place = place.parent) names.unshift(place.name);
  return names.join(" ");
}

/** A property that fails names the failed assertion as its cause. */
function rootCause(error: SerializedError): string {
  const { cause } = error as { cause?: SerializedError };
  return cause === undefined ? `${error.name ?? "Error"}: ${error.message.split("\n")[0]}` : rootCause(cause);
}

import { takeCoverage } from "node:v8";
import { afterAll } from "vitest";

// Now, since the processes of the tests may be ended before they write it themselves.
afterAll(() => {
  takeCoverage();
});

import * as v from "valibot";
import type { ConfigIssue } from "../errors/index.js";

/** The checked value; undefined if it is absent or, with an issue recorded, wrong. */
export function check<T>(
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
  path: string,
  issues: ConfigIssue[],
): T | undefined {
  if (value === undefined) return undefined;
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  for (const issue of result.issues) {
    const below = v.getDotPath(issue);
    issues.push({
      path: below === null ? path : `${path}.${below}`,
      message: `${JSON.stringify(issue.input)}: ${issue.message}`,
    });
  }
  return undefined;
}

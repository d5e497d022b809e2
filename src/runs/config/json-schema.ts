import { toJsonSchema } from "@valibot/to-json-schema";
import { isPlainObject, snakeCase } from "./keys.js";
import { experimentSchema } from "./schema.js";

/** What a configuration file may hold, as a JSON Schema (draft 7) for editors; rules that join keys are not in it. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = toJsonSchema(experimentSchema, { typeMode: "input", errorMode: "ignore" });
  return {
    ...(withWrittenKeys(schema) as Record<string, unknown>),
    title: "Configuration of rbm-rg train",
  };
}

/** `properties` and `required` with the keys as files have them, at every depth. */
function withWrittenKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withWrittenKeys);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      if (key === "required" && Array.isArray(entry))
        return [key, entry.map((name) => snakeCase(String(name)))];
      if (key !== "properties" || !isPlainObject(entry)) return [key, withWrittenKeys(entry)];
      const properties = Object.entries(entry).map(([name, inner]) => [
        snakeCase(name),
        withWrittenKeys(inner),
      ]);
      return [key, Object.fromEntries(properties)];
    }),
  );
}

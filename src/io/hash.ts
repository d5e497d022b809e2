import { createHash } from "node:crypto";
import { DomainError } from "../errors/index.js";
import { withInput } from "./input.js";

const CHUNK_BYTES = 1 << 20;

/** SHA-256 of bytes or of a string's UTF-8, as 64 lower-case hexadecimal digits. */
export function sha256Hex(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** SHA-256 of a file's content, read in chunks of 1 MiB. MissingInputError if it cannot be read. */
export function sha256File(path: string): string {
  return withInput(path, (input) => {
    const hash = createHash("sha256");
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (let count = input.read(chunk); count > 0; count = input.read(chunk)) {
      hash.update(chunk.subarray(0, count));
    }
    return hash.digest("hex");
  });
}

/**
 * JSON with one spelling per value: keys sorted by UTF-16 code unit, no blanks, numbers by shortest round trip.
 * DomainError, saying where, for what JSON cannot hold: NaN, ±∞, undefined, functions, cycles, class instances.
 */
export function canonicalJson(value: unknown): string {
  return write(value, "$", new Set());
}

/** SHA-256 of `canonicalJson(value)`: equal for equal values, whatever the order of their keys. */
export function contentHash(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

/** `enclosing` holds the objects that contain `value`, to find cycles. */
function write(value: unknown, where: string, enclosing: Set<object>): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== "object")
    throw notJson(typeof value === "number" ? String(value) : typeof value, where);
  if (enclosing.has(value)) throw notJson("an object that contains itself", where);
  enclosing.add(value);
  const text = Array.isArray(value)
    ? writeArray(value, where, enclosing)
    : writeObject(value, where, enclosing);
  enclosing.delete(value);
  return text;
}

function writeArray(values: readonly unknown[], where: string, enclosing: Set<object>): string {
  // Array.from also visits holes, as undefined
  const parts = Array.from(values, (value, i) => write(value, `${where}[${i}]`, enclosing));
  return `[${parts.join(",")}]`;
}

function writeObject(value: object, where: string, enclosing: Set<object>): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const { name } = (value.constructor as { readonly name?: string } | undefined) ?? {};
    throw notJson(`an instance of ${name ?? "a class"}`, where);
  }
  const items = value as Readonly<Record<string, unknown>>;
  const parts = Object.keys(items)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(items[key], `${where}.${key}`, enclosing)}`);
  return `{${parts.join(",")}}`;
}

function notJson(what: string, where: string): DomainError {
  return new DomainError(
    `${where} is ${what}, which JSON cannot hold. Expected null, booleans, finite numbers, strings, arrays, plain objects.`,
  );
}

import fc from "fast-check";

/** A change of a file: bytes overwritten, cut off, inserted or repeated. */
interface Change {
  readonly kind: "set" | "truncate" | "insert" | "repeat";
  /** Where, as a fraction of the length. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("set", "set", "set", "truncate", "insert", "repeat"),
  at: fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 0.05, noNaN: true }), // headers
  ),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
});

function apply(content: Uint8Array, { kind, at, bytes }: Change): Uint8Array {
  const place = Math.min(content.length, Math.floor(at * (content.length + 1)));
  const [head, tail] = [content.slice(0, place), content.slice(place)];
  switch (kind) {
    case "set":
      return Uint8Array.from([...head, ...bytes, ...tail.slice(bytes.length)]);
    case "truncate":
      return head;
    case "insert":
      return Uint8Array.from([...head, ...bytes, ...tail]);
    case "repeat":
      return Uint8Array.from([...head, ...tail, ...tail]);
  }
}

/** `content` with one to four random changes. */
export function mutated(content: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((bytes, next) => apply(bytes, next), content));
}

import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError, MissingInputError } from "../../src/errors/index.js";
import { canonicalJson, contentHash, sha256File, sha256Hex } from "../../src/io/index.js";
import { expectError, filesOf, temporaryFolder } from "./temporary.js";

describe("SHA-256", () => {
  it("gives the published digests (FIPS 180-4 examples)", () => {
    expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256Hex(new Uint8Array(0))).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    expect(sha256Hex("é")).toBe(sha256Hex(Uint8Array.of(0xc3, 0xa9)));
  });

  it.each([0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 3 * 2 ** 20 + 5])(
    "hashes a file of %d bytes",
    (length) => {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 2654435761) >>> 24);
      expect(sha256File(filesOf("bin")(bytes))).toBe(createHash("sha256").update(bytes).digest("hex"));
    },
  );

  it("reports missing files and folders", () => {
    const folder = temporaryFolder();
    expectError(() => sha256File(join(folder, "no.bin")), MissingInputError, /no such file/);
    expectError(() => sha256File(folder), MissingInputError, /folder/);
  });
});

describe("canonicalJson", () => {
  it("sorts keys at every depth, without blanks", () => {
    const value = { b: [1, { d: null, c: true }], a: "é\n", "": -0, B: 1e21, 10: 0.1, 9: [] };
    expect(canonicalJson(value)).toBe(
      '{"":0,"10":0.1,"9":[],"B":1e+21,"a":"é\\n","b":[1,{"c":true,"d":null}]}',
    );
  });

  it("parses to the value, and is its own canonical form", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(contentHash(reversed)).toBe(sha256Hex(canonicalJson(value)));
      }),
    );
  });

  it("allows the same object in two places", () => {
    const shared = { x: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"x":1},{"x":1}]');
  });

  const cycle: unknown[] = [];
  cycle.push({ again: cycle });
  it.each([
    [{ a: { b: [0, Number.NaN] } }, "$.a.b[1] is NaN"],
    [[-Infinity], "$[0] is -Infinity"],
    [{ a: undefined }, "$.a is undefined"],
    [undefined, "$ is undefined"],
    [[() => 1], "$[0] is function"],
    [[1n], "$[0] is bigint"],
    [[Symbol("s")], "$[0] is symbol"],
    // eslint-disable-next-line no-sparse-arrays -- a hole is the case under test
    [[1, , 2], "$[1] is undefined"],
    [new Date(0), "$ is an instance of Date"],
    [{ m: new Map() }, "$.m is an instance of Map"],
    [Float64Array.of(1), "$ is an instance of Float64Array"],
    [Object.create(Object.create(null) as object), "$ is an instance of a class"],
    [cycle, "$[0].again is an object that contains itself"],
  ])("refuses %o", (value, message) => {
    expectError(() => canonicalJson(value), DomainError, message);
    expectError(() => contentHash(value), DomainError, message);
  });
});

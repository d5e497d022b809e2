import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, MissingInputError } from "../../src/errors/index.js";
import { readJson, readText } from "../../src/io/index.js";
import { jsonErrorOffset } from "../../src/io/json-error.js";
import { expectError, filesOf, temporaryFolder } from "./temporary.js";

describe("readText", () => {
  it("reads UTF-8 without the byte order mark", () => {
    const save = filesOf("txt");
    expect(readText(save("T_c ≈ 2.269\r\n"))).toBe("T_c ≈ 2.269\r\n");
    expect(readText(save("\ufeffa"))).toBe("a");
    expect(readText(save(""))).toBe("");
  });

  it("refuses other encodings, folders and missing files", () => {
    const folder = temporaryFolder();
    expectError(
      () => readText(filesOf("txt")(Uint8Array.of(0x61, 0xff))),
      DataError,
      /1\.txt is not UTF-8 text/,
    );
    expectError(() => readText(folder), MissingInputError, folder, /is a folder/);
    expectError(() => readText(join(folder, "no.txt")), MissingInputError, /no\.txt: no such file/);
    expectError(() => readText("a\0b"), MissingInputError);
  });
});

describe("readJson", () => {
  it("reads values", () => {
    expect(readJson(filesOf("json")('\ufeff{"a": [1, null]}\n'))).toEqual({ a: [1, null] });
  });

  it.each([
    ["", 1, 1],
    [" \n ", 2, 2],
    ["hello", 1, 1],
    ["nullx", 1, 1],
    ["{} {}", 1, 4],
    ['{"a": 1,\n "b": }', 2, 7],
    ['{"a": 1,\n}', 2, 1],
    ['{"a": 1\n "b": 2}', 2, 2],
    ['{"a" 1}', 1, 6],
    ["{a: 1}", 1, 2],
    ["[1, 2", 1, 6],
    ["[1, 2}", 1, 6],
    ["[1,, 2]", 1, 4],
    ["[01]", 1, 2],
    ["[1.]", 1, 2],
    ["[NaN]", 1, 2],
    ["['a']", 1, 2],
    ['["a\n"]', 1, 2],
    ['["\\x"]', 1, 2],
    ["[[[[]]]", 1, 8],
  ])("says where %j goes wrong", (text, line, column) => {
    const path = filesOf("json")(text);
    expectError(() => readJson(path), DataError, `${path}, line ${line}, column ${column}: not valid JSON (`);
  });

  it("finds the fault of any damaged text: what stands before it could still become JSON", () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom("", "}", "]", ",", ":", '"', "x", "1", "-", " "))
      .map(([text, at, piece]) => {
        const offset = at % (text.length + 1);
        return text.slice(0, offset) + piece + text.slice(offset + 1);
      })
      .filter((text) => messageOfJson(text) !== undefined);
    fc.assert(
      fc.property(damaged, (text) => {
        const stated = / at position (\d+)/.exec(messageOfJson(text) ?? "")?.[1];
        const offset = jsonErrorOffset(text);
        expect(offset).toBeLessThanOrEqual(text.length);
        // The engine may point inside the token that we point to the start of.
        if (stated !== undefined) {
          expect(offset).toBeLessThanOrEqual(Number(stated));
          expect(text.slice(offset, Number(stated))).toMatch(/^(?:"[^]*|[-\w.+]*)$/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function messageOfJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

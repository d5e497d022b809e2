import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, DomainError, RbmRgError } from "../../src/errors/index.js";
import { csvParts, type CsvValue, formatCsv, parseCsv } from "../../src/io/index.js";
import { expectError } from "./temporary.js";

describe("formatCsv", () => {
  it("writes numbers by shortest round trip, gaps as empty fields, quotes where needed", () => {
    const rows: CsvValue[][] = [
      [0.1, -0, 5e-324, 1e21],
      [Number.NaN, undefined, null, ""],
      [Infinity, -Infinity, true, false],
      ["a,b", 'say "no"', "two\nlines", " blanks "],
    ];
    expect(formatCsv(["T", "m", "x,y", "z"], rows)).toBe(
      'T,m,"x,y",z\n0.1,-0,5e-324,1e+21\n,,,\nInfinity,-Infinity,true,false\n' +
        '"a,b","say ""no""","two\nlines", blanks \n',
    );
  });

  it("takes any iterable", () => {
    const rows = function* (): Generator<number[]> {
      yield [1];
      yield [2];
    };
    expect(formatCsv(["n"], rows())).toBe("n\n1\n2\n");
    expect(formatCsv(["n"], [])).toBe("n\n");
  });

  it("makes the same text in parts, asking for rows only as they are needed", () => {
    const columns = Array.from({ length: 100 }, (_, k) => `c${k}`);
    let asked = 0;
    const rows = function* (): Generator<number[]> {
      for (; asked < 1000; asked++) yield columns.map((_, k) => asked + k / 7);
    };
    const parts = csvParts(columns, rows());
    const [first] = parts.next().value!.split("\n");
    expect(first).toBe(columns.join(","));
    expect(asked).toBeLessThan(200);
    asked = 0;
    const text = [...csvParts(columns, rows())].join("");
    asked = 0;
    expect(text).toBe(formatCsv(columns, rows()));
    expect(text.split("\n")).toHaveLength(1002);
    expect(text).toContain(`\n999,${999 + 1 / 7},`);
  });

  it("refuses tables that could not be read again", () => {
    expectError(() => formatCsv([], []), DomainError, /at least one column/);
    expectError(() => formatCsv(["a", "b", "a"], []), DomainError, /"a" occurs twice/);
    expectError(
      () => formatCsv(["a", "b"], [[1, 2], [3]]),
      DomainError,
      /row 2 .* 1 values; expected 2: a, b/,
    );
  });
});

describe("parseCsv", () => {
  it("reads both line ends, quotes and a byte order mark; the last line may lack its end", () => {
    const table = {
      columns: ["a", "b"],
      rows: [
        { a: "1", b: "x,\r\ny" },
        { a: "", b: '"' },
      ],
    };
    expect(parseCsv('\ufeffa,b\r\n1,"x,\r\ny"\r\n,""""\r\n', "t.csv")).toEqual(table);
    expect(parseCsv('a,b\n1,"x,\r\ny"\n,""""', "t.csv")).toEqual(table);
    expect(parseCsv("a,b\n", "t.csv")).toEqual({ columns: ["a", "b"], rows: [] });
  });

  it("reads tables without quotes as the general parser does, which a table with a byte order mark goes to", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "0", ",", ",", "\n", "\n", " ", ";") });
    fc.assert(
      fc.property(text, (rest) => {
        const attempt = (table: string): unknown => {
          try {
            return parseCsv(table, "t");
          } catch (error) {
            return (error as Error).message;
          }
        };
        expect(attempt(`x,y\n${rest}`)).toEqual(attempt(`\ufeffx,y\n${rest}`));
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps a column called __proto__ a column", () => {
    const [row] = parseCsv("__proto__,b\n1,2\n", "t.csv").rows;
    expect(Object.entries(row)).toEqual([
      ["__proto__", "1"],
      ["b", "2"],
    ]);
  });

  it.each([
    ["", /t\.csv: is empty/],
    ["a,b\n1,2\n3\n4,5\n", /t\.csv, line 3: found 1 fields; expected 2/],
    ["a,b\n1,2\n\n4,5\n", /t\.csv, line 3: found 1 fields; expected 2/],
    ["a,b\n1,2,3\n", /t\.csv, line 2: found 3 fields; expected 2/],
    ['a,b\n1,"2\n', /t\.csv, line 2: Quote Not Closed/],
    ['a,b\n1,"2"x\n', /t\.csv, line 2: Invalid Closing Quote/],
    ['a,b\n1,2\n1,x"y\n', /t\.csv, line 3: Invalid Opening Quote/],
    ["a,b,a\n1,2,3\n", /t\.csv, line 1: column "a" occurs twice/],
  ])("refuses %j", (text, pattern) => {
    expectError(() => parseCsv(text, "t.csv"), DataError, pattern);
  });
});

describe("a CSV round trip", () => {
  const texts = fc.string({
    unit: fc.constantFrom("a", "é", " ", ",", '"', "\n", "\r", "\ufeff", "\t", ";", "0"),
    maxLength: 6,
  });

  it("keeps every text and every number", () => {
    const tables = fc
      .uniqueArray(texts, { minLength: 1, maxLength: 4 })
      .chain((columns) =>
        fc.tuple(
          fc.constant(columns),
          fc.array(
            fc.array(fc.oneof(texts, fc.double()), { minLength: columns.length, maxLength: columns.length }),
          ),
        ),
      );
    fc.assert(
      fc.property(tables, ([columns, rows]) => {
        const table = parseCsv(formatCsv(columns, rows), "round trip");
        expect(table.columns).toEqual(columns);
        expect(table.rows).toHaveLength(rows.length);
        rows.forEach((row, i) => {
          row.forEach((value, j) => {
            const field = table.rows[i][columns[j]];
            if (typeof value === "string") expect(field).toBe(value);
            else if (Number.isNaN(value)) expect(field).toBe("");
            else expect(Number(field)).toBe(value);
          });
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("never fails with anything but an RbmRgError", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "1", ",", '"', "\n", "\r", "\ufeff"), maxLength: 20 }),
        (text) => {
          try {
            const { columns, rows } = parseCsv(text, "fuzz");
            for (const row of rows) expect(Object.keys(row).sort()).toEqual([...columns].sort());
          } catch (error) {
            if (!(error instanceof RbmRgError)) throw error;
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

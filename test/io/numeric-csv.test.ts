import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, MissingInputError, RbmRgError } from "../../src/errors/index.js";
import { readNumericCsv } from "../../src/io/index.js";
import { expectError, filesOf, temporaryFolder } from "./temporary.js";

/** The whole matrix of a file, its rows joined. */
function collect(path: string) {
  const data: number[] = [];
  const indices: number[] = [];
  const shape = readNumericCsv(path, (values, row) => {
    for (const value of values) data.push(value);
    indices.push(row);
  });
  expect(indices.every((row, i) => row === i) && indices.length === shape.rows).toBe(true);
  return { ...shape, data };
}

const read = (text: string | Uint8Array): unknown => collect(filesOf("csv")(text));
const matrix = (rows: number, columns: number, ...data: number[]): unknown => ({ rows, columns, data });

describe("readNumericCsv", () => {
  it.each([
    ["commas", "1,-1\n0.5,2e-3\n"],
    ["semicolons", "1;-1\n0.5;2e-3\n"],
    ["tabs", "1\t-1\n0.5\t2e-3\n"],
    ["blanks", "1 -1\n0.5 2e-3\n"],
    ["aligned columns", "  1    -1   \n  0.5   2e-3\n"],
    ["commas and blanks", "1, -1\n.5, +2E-3\n"],
    ["a header", "x,y\n1,-1\n0.5,2e-3\n"],
    ["a header with blanks", "spin 1, spin 2\n1,-1\n0.5,2e-3\n"],
    ["a quoted header", '"x, left","y"\n1,-1\n0.5,2e-3\n'],
    ["a quoted header and blanks", '"x left" "y"\n1 -1\n0.5 2e-3\n'],
    ["a header that is partly numeric", "T,2.5\n1,-1\n0.5,2e-3\n"],
    ["quoted numbers", '"1","-1"\n"0.5","2e-3"\n'],
    ["Windows line ends", "x,y\r\n1,-1\r\n0.5,2e-3\r\n"],
    ["a byte order mark", "\ufeff1,-1\n0.5,2e-3\n"],
    ["no last line end", "1,-1\n0.5,2e-3"],
    ["comments and empty lines around", "# numpy.savetxt\n\n# x y\n1 -1\n# half\n0.5 2e-3\n\n\n"],
  ])("reads %s", (_, text) => {
    expect(read(text)).toEqual(matrix(2, 2, 1, -1, 0.5, 2e-3));
  });

  it("reads single rows and single columns", () => {
    expect(read("1,2,3")).toEqual(matrix(1, 3, 1, 2, 3));
    expect(read("1\n2\n3\n")).toEqual(matrix(3, 1, 1, 2, 3));
    expect(read("magnetization per site\n1\n2\n")).toEqual(matrix(2, 1, 1, 2));
    expect(read("7")).toEqual(matrix(1, 1, 7));
  });

  it.each([
    ["", /1\.csv: contains no rows/],
    ["\n \n# only a comment\n", /1\.csv: contains no rows/],
    ["x,y\n", /1\.csv: contains a header but no rows/],
    ["1,2\n3\n", /1\.csv, line 2: found 1 columns; expected 2, as in line 1/],
    ["1 2\n3\n", /1\.csv, line 2: found 1 columns; expected 2/],
    ["nan 2\n3\n", /1\.csv, line 2: found 1 columns; expected 2|line 1: column 1 holds "nan"/],
    ["x,y\n3\n", /1\.csv, line 2: found 1 columns; expected 2/],
    ["1,5;2,5\n3;4\n", /1\.csv, line 1: column 1 holds "1,5"; .* decimal point/],
    ["1,2\n3 4\n", /1\.csv, line 1: column 1 holds "1,2"/],
    ["# c\nx,y\n1,2\n3,4,5\n", /1\.csv, line 4: found 3 columns; expected 2, as in line 2/],
    ["x,y\n1,2\n3,four\n", /1\.csv, line 3: column 2 \(y\) holds "four"; expected a finite number/],
    ["1,2\n3,nan\n", /1\.csv, line 2: column 2 holds "nan"; .* Remove the row or fill in a value/],
    ["1,NA\n3,4\n", /1\.csv, line 1: column 2 holds "NA"/],
    ["NaN,NaN\n3,4\n", /1\.csv, line 1: column 1 holds "NaN"/],
    ["1,\n3,4\n", /1\.csv, line 1: column 2 is empty/],
    ["1,2\n,4\n", /1\.csv, line 2: column 1 is empty/],
    ["1,2\n3,-inf\n", /1\.csv, line 2: column 2 holds "-inf"/],
    ["1,2\n3,1e999\n", /1\.csv, line 2: column 2 holds "1e999"/],
    ["1,2\n3,0x10\n", /1\.csv, line 2: column 2 holds "0x10"/],
    ["1,2\n3,1_000\n", /1\.csv, line 2: column 2 holds "1_000"/],
    ["1;2\n3;1,5\n", /1\.csv, line 2: column 2 holds "1,5"; .* decimal point/],
    ["1,2\n\n3,4\n", /1\.csv, line 2: is empty, but more rows follow/],
    ['1,2\n"3,4\n', /1\.csv, line 2: its quotes are malformed/],
    ["1 2\r3 4\r", /1\.csv, line 1: carriage return/],
    [Buffer.from("\ufeff1,2\n", "utf16le"), /1\.csv: not UTF-8/],
    [Buffer.from("1,2\n#\xc3", "latin1"), /1\.csv: not UTF-8/],
    [Buffer.from("1,2\n3,\xe9\n", "latin1"), /1\.csv: not UTF-8/],
  ])("refuses %j", (text, pattern) => {
    expectError(() => read(text), DataError, pattern);
  });

  it("reports missing files and folders", () => {
    const folder = temporaryFolder();
    expectError(() => collect(`${folder}/no.csv`), MissingInputError, /no such file/);
    expectError(() => collect(folder), MissingInputError, /folder/);
  });

  it("gives back every matrix that was written, whatever the form", () => {
    const save = filesOf("csv");
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const matrices = fc
      .integer({ min: 1, max: 4 })
      .chain((columns) =>
        fc.array(fc.array(finite, { minLength: columns, maxLength: columns }), { minLength: 1 }),
      );
    const forms = fc.record({
      separator: fc.constantFrom(",", ";", "\t", " ", ", "),
      end: fc.constantFrom("\n", "\r\n"),
      header: fc.boolean(),
    });
    fc.assert(
      fc.property(matrices, forms, (rows, { separator, end, header }) => {
        const names = header ? [rows[0].map((_, i) => `s${i}`)] : [];
        const text = [...names, ...rows].map((row) => row.join(separator) + end).join("");
        const values = rows.flat().map((value) => value + 0);
        // String(-0) is "0"
        expect(collect(save(text))).toEqual(
          matrix(rows.length, rows[0].length, ...values.map((x) => (x === 0 ? 0 : x))),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("never fails with anything but an RbmRgError", () => {
    const save = filesOf("csv");
    const unit = fc.constantFrom(
      "1",
      "-",
      ".",
      "e",
      "x",
      ",",
      ";",
      "\t",
      " ",
      '"',
      "\n",
      "\r",
      "#",
      "\ufeff",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 16 }), (text) => {
        try {
          const { rows, columns, data } = collect(save(text));
          expect(data).toHaveLength(rows * columns);
          expect(data.every(Number.isFinite)).toBe(true);
        } catch (error) {
          if (!(error instanceof RbmRgError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("reads files of many pieces, and lines and characters cut by their ends", () => {
    const rows = 60_000;
    const lines = Array.from({ length: rows }, (_, i) => `${i},${i / 7},${-i}`);
    const text = `é${"é".repeat(1 << 19)},b,c\n${lines.join("\n")}\n`;
    const { data, ...shape } = collect(filesOf("csv")(text));
    expect(shape).toEqual({ rows, columns: 3 });
    const wrong = data.findIndex((value, k) => {
      const i = Math.floor(k / 3);
      return value !== [i, i / 7, -i + 0][k % 3];
    });
    expect(wrong).toBe(-1);
  });

  it.skipIf(!existsSync("/dev/fd"))("reads a pipe", () => {
    const folder = temporaryFolder();
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const writer = spawn("sh", ["-c", 'printf "1,2\n3,4\n" > "$0"', pipe]);
    expect(collect(pipe)).toEqual(matrix(2, 2, 1, 2, 3, 4));
    writer.kill();
  });
});

import { describe, expect, it } from "vitest";
import { dataRemarks } from "../../src/experiment/data-remarks.js";
import { packBits } from "../../src/kernels/index.js";

describe("remarks on data", () => {
  it("name columns that never change, in any word of a row, and only those", () => {
    const columns = 70;
    const fixed = [0, 31, 32, 69];
    const rows = 80;
    // Row i differs from row 0 in one column, where that may change.
    const values = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) =>
        fixed.includes(column) ? column % 2 : Number(row > 0 && row % columns === column),
      ),
    );
    expect(dataRemarks(packBits(values.flat(), rows, columns))).toEqual([
      "4 of 70 columns of the data never change; a model can only grow ever more certain of them.",
    ]);
    fixed.forEach((column) => (values[40][column] ^= 1));
    expect(dataRemarks(packBits(values.flat(), rows, columns))).toEqual([]);
  });

  it("ask whether a wide matrix is transposed", () => {
    const [wide, constant] = dataRemarks(packBits([0, 0, 1, 1, 1, 1], 2, 3));
    expect(wide).toMatch(/2 rows and 3 columns.*transposed/);
    expect(constant).toMatch(/^1 of 3 columns/);
  });
});

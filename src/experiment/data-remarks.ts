import type { BitMatrix } from "../kernels/index.js";

/** What is strange about configurations that were read from a file, for people; none if nothing is. */
export function dataRemarks(rows: BitMatrix): readonly string[] {
  const constant = constantColumns(rows);
  return [
    ...(rows.rows < rows.columns
      ? [
          `the data have ${rows.rows} rows and ${rows.columns} columns; a row is a configuration, a column a unit. ` +
            "Is the matrix transposed?",
        ]
      : []),
    ...(constant > 0
      ? [
          `${constant} of ${rows.columns} columns of the data never change; a model can only grow ever more certain of them.`,
        ]
      : []),
  ];
}

/** Columns in which all rows are alike. */
function constantColumns({ rows, columns, wordsPerRow, words }: BitMatrix): number {
  const changing = new Uint32Array(wordsPerRow);
  for (let row = 1; row < rows; row++) {
    for (let word = 0; word < wordsPerRow; word++)
      changing[word] |= words[row * wordsPerRow + word] ^ words[word];
  }
  let constant = columns;
  for (let column = 0; column < columns; column++) constant -= (changing[column >>> 5] >>> (column & 31)) & 1;
  return constant;
}

import { type BitMatrix, bitMatrix } from "../../kernels/index.js";
import { deriveKey, RandomStream, type SeedKey } from "../../random/index.js";

/** As many configurations of independent fair spins: data without any correlation. Row r uses the stream (key, analysis, r). */
export function infiniteTemperature({ rows, columns }: BitMatrix, key: SeedKey): BitMatrix {
  const out = bitMatrix(rows, columns);
  const unused = 32 * out.wordsPerRow - columns;
  for (let row = 0; row < rows; row++) {
    const stream = new RandomStream(deriveKey(key, "analysis", row));
    const first = row * out.wordsPerRow;
    for (let word = 0; word < out.wordsPerRow; word++) out.words[first + word] = stream.nextWord();
    if (columns > 0) out.words[first + out.wordsPerRow - 1] >>>= unused;
  }
  return out;
}

import {
  type Arena,
  type BitMatrix,
  bitMatrix,
  gatherRows,
  type LayerArrays,
  rowRange,
} from "../../kernels/index.js";
import { RandomStream, type SeedKey } from "../../random/index.js";

/** The layer with its parameters in the memory of the kernels, so that no call copies them. */
export function placeLayer(layer: LayerArrays, arena: Arena): LayerArrays {
  const place = (source: Float32Array): Float32Array => {
    const target = arena.float32(source.length);
    target.set(source);
    return target;
  };
  return {
    ...layer,
    weights: place(layer.weights),
    visibleBias: place(layer.visibleBias),
    hiddenBias: place(layer.hiddenBias),
  };
}

/** A copy in ordinary memory. */
export function copyRows(rows: BitMatrix): BitMatrix {
  return { ...rows, words: Uint32Array.from(rows.words) };
}

/** At most `count` rows, evenly spread over all of them, in the memory of `arena`. */
export function spreadRows(source: BitMatrix, count: number, arena: Arena): BitMatrix {
  const rows = Math.min(count, source.rows);
  const order = Uint32Array.from({ length: rows }, (_, k) => Math.floor((k * source.rows) / rows));
  const out = bitMatrix(rows, source.columns, (length) => arena.words(length));
  gatherRows(source, order, 0, out);
  return out;
}

/** The rows of several matrices one after another, in the memory of `arena`. */
export function joinRows(parts: readonly BitMatrix[], arena: Arena): BitMatrix {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const out = bitMatrix(rows, parts[0].columns, (length) => arena.words(length));
  let first = 0;
  for (const part of parts) {
    rowRange(out, first, part.rows).words.set(part.words);
    first += part.rows;
  }
  return out;
}

/** Rows that are all up, all down or random, in turn, in the memory of `arena`. `key` names this call alone. */
export function extremeRows(count: number, columns: number, key: SeedKey, arena: Arena): BitMatrix {
  const out = bitMatrix(count, columns, (length) => arena.words(length));
  const unused = 32 * out.wordsPerRow - columns;
  const stream = new RandomStream(key);
  for (let word = 0; word < out.words.length; word++) {
    const kind = Math.floor(word / out.wordsPerRow) % 3;
    const last = (word + 1) % out.wordsPerRow === 0;
    const bits = kind === 0 ? 0xffffffff : kind === 1 ? 0 : stream.nextWord();
    out.words[word] = bits >>> (last ? unused : 0);
  }
  return out;
}

/** Row i becomes a copy of row `order[i]`; rows beyond the length of `order` stay. */
export function reorderRows(matrix: BitMatrix, order: Uint32Array): void {
  const parents = rowRange(matrix, 0, order.length);
  gatherRows(copyRows(parents), order, 0, parents);
}

import { bitMatrix, type BitMatrix, type LayerArrays, setBit } from "../../src/kernels/index.js";
import { fillStandardNormal, RandomStream, seedKey } from "../../src/random/index.js";

/** A layer of random weights and biases of deviation ¼. */
export function randomLayer(units: LayerArrays["units"], visible: number, hidden: number): LayerArrays {
  const normal = (length: number, name: string): Float32Array => {
    const out = new Float32Array(length);
    fillStandardNormal(seedKey(`${name} ${visible}`), out);
    return out.map((x) => x / 4);
  };
  return {
    units,
    visible,
    hidden,
    weights: normal(visible * hidden, "weights"),
    visibleBias: normal(visible, "visible"),
    hiddenBias: normal(hidden, "hidden"),
  };
}

/** Independent fair units. */
export function randomRows(rows: number, columns: number): BitMatrix {
  const out = bitMatrix(rows, columns);
  const stream = new RandomStream(seedKey("rows"));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) setBit(out, row, column, stream.nextWord() & 1 ? 1 : 0);
  }
  return out;
}

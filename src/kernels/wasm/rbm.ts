import { type BitMatrix, rowRange } from "../bit-matrix.js";
import type {
  ConditionalRequest,
  CorrelationTerm,
  DescentStep,
  LayerArrays,
  OuterProduct,
  RbmKernels,
  UnitType,
} from "../interface.js";
import type { SharedMemory } from "./memory.js";
import type { ThreadPool } from "./pool.js";
import { Staging } from "./staging.js";

/** Columns of a tile (assembly/tables.ts). */
const TILE = 16;

/** Making an entry of a table takes as long as so many lookups. */
const ENTRY_COST = 1.4;

/** Rows per table, 5 to 8, for the least work (lookups + ENTRY_COST·2^K)/K. */
function groupSize(lookups: number): number {
  const cost = (size: number): number => (lookups + ENTRY_COST * 2 ** size) / size;
  return [6, 7, 8].reduce((best, size) => (cost(size) < cost(best) ? size : best), 5);
}

/** Words of the longest request record (assembly/conditional.ts). */
const REQUEST_WORDS = 32;

/** Words of one term (assembly/gradient.ts). */
const TERM_WORDS = 6;

/** Words of one outer product (assembly/gradient.ts). */
const OUTER_WORDS = 2;

/** Floats are passed in integer words. */
const floatWord = new Float32Array(1);
const integerWord = new Int32Array(floatWord.buffer);

function bitsOfFloat(value: number): number {
  floatWord[0] = value;
  return integerWord[0];
}

/** The RBM kernels on WebAssembly SIMD (assembly/conditional.ts, assembly/gradient.ts), shared among the pool's threads. */
export class WasmRbmKernels implements RbmKernels {
  readonly #workspaces: number;
  readonly #request: number;
  readonly #maxRows: number;

  constructor(
    private readonly memory: SharedMemory,
    private readonly pool: ThreadPool,
  ) {
    this.#workspaces = memory.allocate(pool.threads * pool.exports.workspaceBytes());
    this.#request = memory.allocate(4 * REQUEST_WORDS);
    this.#maxRows = pool.exports.maxRows();
  }

  hiddenGivenVisible(layer: LayerArrays, visible: BitMatrix, request: ConditionalRequest): void {
    this.#conditional(layer, visible, request, false);
  }

  visibleGivenHidden(layer: LayerArrays, hidden: BitMatrix, request: ConditionalRequest): void {
    this.#conditional(layer, hidden, request, true);
  }

  hiddenInputsOfReals(layer: LayerArrays, visible: Float64Array, out: Float64Array): void {
    const { hidden } = layer;
    this.#withStaging((staging) => {
      const values = staging.read(visible);
      const address = staging.scratch(8 * TILE * Math.ceil(hidden / TILE));
      const [weights, bias] = [staging.read(layer.weights), staging.read(layer.hiddenBias)];
      const work = visible.length * hidden;
      this.pool.run("realInputs", work, weights, layer.visible, hidden, bias, values, address);
      out.set(this.memory.float64(address, hidden));
    });
  }

  addCorrelations(
    units: UnitType,
    terms: readonly CorrelationTerm[],
    hidden: number,
    out: Float32Array,
  ): void {
    this.#withStaging((staging) => {
      this.#gradient(staging, units, terms, 1, hidden, [], [staging.update(out), 0, 0, 0, 0, 0, 0]);
    });
  }

  descend(
    units: UnitType,
    terms: readonly CorrelationTerm[],
    { rate, momentum, l2, l1, threshold }: DescentStep,
    hidden: number,
    weights: Float32Array,
    velocity: Float32Array,
    outerProducts: readonly OuterProduct[] = [],
  ): void {
    const numbers = [momentum, rate * l2, rate * l1, threshold].map(bitsOfFloat);
    this.#withStaging((staging) => {
      const target = [0, staging.update(weights), staging.update(velocity), ...numbers];
      this.#gradient(staging, units, terms, rate, hidden, outerProducts, target);
    });
  }

  addMeans(
    units: UnitType,
    { visible, hiddenMeans, scale }: CorrelationTerm,
    visibleOut: Float32Array,
    hiddenOut: Float32Array,
  ): void {
    const low = units === "spin" ? -1 : 0;
    const { exports } = this.pool;
    const { rows, columns } = visible;
    const hidden = hiddenOut.length;
    this.#withStaging((staging) => {
      const counts = staging.scratch(4 * TILE * Math.ceil(columns / TILE));
      exports.columnCounts(staging.read(visible.words), visible.wordsPerRow, rows, columns, counts);
      const ups = this.memory.int32(counts, columns);
      for (let i = 0; i < columns; i++) visibleOut[i] += scale * (ups[i] + low * (rows - ups[i]));
      const address = staging.scratch(8 * (hidden + 3));
      exports.columnSums(staging.read(hiddenMeans), rows, hidden, address);
      const sums = this.memory.float64(address, hidden);
      for (let j = 0; j < hidden; j++) hiddenOut[j] += scale * sums[j];
    });
  }

  #withStaging(call: (staging: Staging) => void): void {
    const staging = new Staging(this.memory);
    try {
      call(staging);
    } finally {
      staging.finish();
    }
  }

  #conditional(layer: LayerArrays, given: BitMatrix, request: ConditionalRequest, byColumns: boolean): void {
    for (let first = 0; first < given.rows; first += this.#maxRows) {
      const rows = rowRange(given, first, Math.min(this.#maxRows, given.rows - first));
      this.#withStaging((staging) => {
        this.#conditionalBlock(staging, layer, rows, first, request, byColumns);
      });
    }
  }

  /** One block of at most #maxRows rows, `first` being the number of its first row in the whole request. */
  #conditionalBlock(
    staging: Staging,
    layer: LayerArrays,
    given: BitMatrix,
    first: number,
    request: ConditionalRequest,
    byColumns: boolean,
  ): void {
    const { rows } = given;
    const units = byColumns ? layer.visible : layer.hidden;
    const { sample, logPartitions = [] } = request;
    const wordsPerRow = sample?.out.wordsPerRow ?? 0;
    const perUnit = (array: Float32Array | undefined): Float32Array | undefined =>
      array?.subarray(first * units, (first + rows) * units);
    const perRow = (array: Float32Array | undefined): number =>
      staging.read(array?.subarray(first, first + rows));
    const group = groupSize(rows);
    const stride = Math.ceil(given.columns / group);
    const digits = staging.scratch(rows * stride);
    const tiles = Math.ceil(units / TILE);
    const partial = logPartitions.map(() => staging.scratch(8 * tiles * rows));
    this.pool.run(
      "rowDigits",
      rows * stride,
      staging.read(given.words),
      given.wordsPerRow,
      rows,
      given.columns,
      digits,
      group,
    );
    const record = [
      staging.read(layer.weights),
      layer.hidden,
      byColumns ? 1 : 0,
      layer.units === "spin" ? 1 : 0,
      staging.read(byColumns ? layer.visibleBias : layer.hiddenBias),
      given.columns,
      units,
      digits,
      stride,
      group,
      rows,
      perRow(request.inverseTemperatures),
      staging.update(perUnit(request.inputs)),
      staging.update(perUnit(request.means)),
      staging.update(sample?.out.words.subarray(first * wordsPerRow, (first + rows) * wordsPerRow)),
      wordsPerRow,
      first,
      sample?.key.word0 ?? 0,
      sample?.key.word1 ?? 0,
    ];
    for (let k = 0; k < 2; k++) {
      record.push(partial[k] ?? 0, perRow(logPartitions[k]?.inverseTemperatures));
    }
    record.push(this.#workspaces);
    this.memory.int32(this.#request, record.length).set(record);
    this.pool.run("conditional", (rows * given.columns * units) / group, this.#request);
    logPartitions.forEach(({ out }, k) => {
      const sums = this.memory.float64(partial[k], tiles * rows);
      for (let tile = 0; tile < tiles; tile++) {
        for (let row = 0; row < rows; row++) out[first + row] += sums[tile * rows + row];
      }
    });
  }

  /** `target`: address of the sum or 0, of weights and velocity or 0, momentum, rate·l2, rate·l1, threshold as words. */
  #gradient(
    staging: Staging,
    units: UnitType,
    terms: readonly CorrelationTerm[],
    rate: number,
    hidden: number,
    outerProducts: readonly OuterProduct[],
    target: readonly number[],
  ): void {
    const visible = terms[0].visible.columns;
    const outerRecords = staging.scratch(4 * OUTER_WORDS * Math.max(1, outerProducts.length));
    const outerWords = outerProducts.flatMap((outer) => [
      staging.read(outer.visible.map((v) => rate * v)),
      staging.read(outer.hidden),
    ]);
    this.memory.int32(outerRecords, outerWords.length).set(outerWords);
    const termRecords = staging.scratch(4 * TERM_WORDS * terms.length);
    const group = groupSize(visible);
    let rows = 0;
    const words = terms.flatMap((term) => {
      const { rows: termRows, wordsPerRow } = term.visible;
      const stride = Math.ceil(termRows / group);
      const digits = staging.scratch(stride * Math.ceil(visible / TILE) * TILE);
      const source = staging.read(term.visible.words);
      const work = visible * stride;
      this.pool.run("columnDigits", work, source, wordsPerRow, termRows, visible, digits, stride, group);
      rows += termRows;
      const scale = bitsOfFloat(term.scale * rate);
      return [staging.read(term.hiddenMeans), termRows, scale, digits, stride, group];
    });
    this.memory.int32(termRecords, words.length).set(words);
    const lists = [termRecords, terms.length, outerRecords, outerProducts.length];
    const record = [visible, hidden, units === "spin" ? 1 : 0, ...lists, ...target];
    this.memory.int32(this.#request, record.length + 1).set([...record, this.#workspaces]);
    this.pool.run("gradient", (rows * visible * hidden) / group, this.#request);
  }
}

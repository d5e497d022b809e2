import { isingHamiltonians } from "../../ising/hamiltonian.js";
import type { IsingModel } from "../../ising/model.js";
import { exp } from "../../kernels/elementary.js";
import { type Arena, type BitMatrix, type Kernels, type LayerArrays } from "../../kernels/index.js";
import { deriveKey, RandomStream, type SeedKey, Xoshiro128 } from "../../random/index.js";
import type { AnnealingStart } from "./annealing-start.js";
import { BiasProjection } from "./bias-projection.js";

/** 2^−32 */
const UNIT = 2.3283064365386963e-10;

/**
 * An Ising model whose ln Z is known: H₀(v) = −K Σ_<ij> v_i v_j − B Σ v_i. Along the path each visible unit feels its
 * neighbours with (1 − s)K, the field (1 − s)B and its input s(c + Wh), and is drawn by heat bath one after another.
 */
export class IsingStart implements AnnealingStart {
  readonly #means: Float32Array;
  readonly #slope: BiasProjection;
  readonly #spins: Int8Array;

  constructor(
    private readonly model: IsingModel,
    readonly logPartition: number,
    private readonly layer: LayerArrays,
    private readonly kernels: Kernels,
    arena: Arena,
    rows: number,
  ) {
    this.#means = arena.float32(rows * layer.visible);
    this.#spins = new Int8Array(layer.visible);
    this.#slope = new BiasProjection(layer.units, layer.visibleBias, kernels);
  }

  slopes(visible: BitMatrix): Float64Array {
    const biases = this.#slope.of(visible);
    return isingHamiltonians(this.model, visible).map((h, row) => h + biases[row]);
  }

  /** One sweep, up or down the numbers of the sites with probability ½ each: so the move is its own reverse. */
  moveVisible(hidden: BitMatrix, s: number, key: SeedKey, visible: BitMatrix): void {
    const { layer, model } = this;
    const means = this.#means.subarray(0, visible.rows * layer.visible);
    const inverseTemperatures = new Float32Array(hidden.rows).fill(s);
    this.kernels.rbm.visibleGivenHidden(layer, hidden, { inverseTemperatures, means });
    if (layer.units === "spin") for (let k = 0; k < means.length; k++) means[k] = 0.5 + 0.5 * means[k];
    const factors = neighborFactors(model, 1 - s);
    const upwards = new RandomStream(key).nextWord() >>> 31 === 1;
    const random = generator(deriveKey(key, "gibbsChain"));
    for (let row = 0; row < visible.rows; row++) {
      const words = visible.words.subarray(row * visible.wordsPerRow, (row + 1) * visible.wordsPerRow);
      const own = means.subarray(row * layer.visible, (row + 1) * layer.visible);
      unpack(words, this.#spins);
      sweep(model, this.#spins, own, factors, upwards, random);
      pack(this.#spins, words);
    }
  }
}

/** e^{2(1 − s)(Kf + B)} for a sum of neighbours f = −d … d, at index f + d. */
function neighborFactors({ lattice, coupling, field }: IsingModel, share: number): Float64Array {
  return Float64Array.from({ length: 2 * lattice.degree + 1 }, (_, index) =>
    exp(2 * share * (coupling * (index - lattice.degree) + field)),
  );
}

/**
 * Heat bath on every site, P(v = +1) : P(v = −1) = p e^{2(1−s)(Kf + B)} : 1 − p with p = `own`, the probability of the
 * upper state by the hidden units alone.
 */
function sweep(
  { lattice }: IsingModel,
  spins: Int8Array,
  own: Float32Array,
  factors: Float64Array,
  upwards: boolean,
  random: Xoshiro128,
): void {
  const { sites, degree, neighbors } = lattice;
  for (let k = 0; k < sites; k++) {
    const site = upwards ? k : sites - 1 - k;
    let sum = degree;
    for (let d = 0; d < degree; d++) sum += spins[neighbors[site * degree + d]];
    const up = own[site] * factors[sum];
    const u = ((random.nextBits() >>> 0) + 0.5) * UNIT;
    spins[site] = u * (up + 1 - own[site]) < up ? 1 : -1;
  }
}

/** The bits of one row as ±1, a word at a time. */
function unpack(words: Uint32Array, spins: Int8Array): void {
  for (let word = 0, site = 0; site < spins.length; word++) {
    let bits = words[word];
    for (const end = Math.min(site + 32, spins.length); site < end; site++, bits >>>= 1) {
      spins[site] = 2 * (bits & 1) - 1;
    }
  }
}

function pack(spins: Int8Array, words: Uint32Array): void {
  for (let word = 0, site = 0; site < spins.length; word++) {
    let bits = 0;
    for (let k = 0; k < 32 && site < spins.length; k++, site++) bits |= ((1 + spins[site]) >> 1) << k;
    words[word] = bits;
  }
}

function generator(key: SeedKey): Xoshiro128 {
  const stream = new RandomStream(key);
  return new Xoshiro128([stream.nextWord(), stream.nextWord(), stream.nextWord(), stream.nextWord()]);
}

import {
  type Arena,
  type BitMatrix,
  bitMatrix,
  type Kernels,
  type LayerArrays,
} from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import type { AnnealingStart } from "./annealing-start.js";
import type { Population } from "./population.js";
import { reorderRows } from "./rows.js";

/** Called between steps; may be slow (it is awaited), so that a caller can redraw or stop. */
export type Pause = () => void | Promise<void>;

/**
 * Many chains that are led along the path of an AnnealingStart, up or down, with their works
 *   w = Σ_steps ln f_{s'}(v) − ln f_s(v),  v the state before the step.
 * Every move leaves its f_s as it is and is its own reverse, so that upwards from the start ⟨e^w⟩ = Z_λ/(Z₀ 2^m), and
 * downwards from the model ⟨e^w⟩ = (Z₀ 2^m)/Z_λ (Neal, Stat. Comput. 11, 125 (2001); Crooks, Phys. Rev. E 61, 2361 (2000)).
 */
export class Annealing {
  /** The works so far, one a chain; those of chains drawn anew are their ancestors'. */
  readonly works: Float64Array;
  readonly #hidden: BitMatrix;
  readonly #scales: Float32Array;
  readonly #nextScales: Float32Array;
  readonly #before: Float64Array;
  readonly #after: Float64Array;

  /**
   * The chains are the rows of `visible`, which is moved in place. The first of them may be a population, drawn anew when its
   * weights are unequal; the others are independent.
   */
  constructor(
    private readonly layer: LayerArrays,
    private readonly start: AnnealingStart,
    readonly visible: BitMatrix,
    private readonly kernels: Kernels,
    arena: Arena,
    private readonly population: Population | null = null,
  ) {
    const { rows } = visible;
    this.works = arena.float64(rows);
    this.#hidden = bitMatrix(rows, layer.hidden, (length) => arena.words(length));
    this.#scales = arena.float32(rows);
    this.#nextScales = arena.float32(rows);
    this.#before = arena.float64(rows);
    this.#after = arena.float64(rows);
  }

  /** From s to s': add to the works, then one Gibbs update v → h → v' at s' (none at s' = 0). `key` names this step alone. */
  step(from: number, to: number, key: SeedKey): void {
    const traces = [
      { inverseTemperatures: this.#scales.fill(from), out: this.#before.fill(0) },
      { inverseTemperatures: this.#nextScales.fill(to), out: this.#after.fill(0) },
    ];
    this.kernels.rbm.hiddenGivenVisible(this.layer, this.visible, {
      inverseTemperatures: this.#nextScales,
      logPartitions: from === to ? [] : traces,
      sample: to === 0 ? undefined : { key: deriveKey(key, "gibbsChain", 0), out: this.#hidden },
    });
    if (from !== to) this.#weigh(to - from, deriveKey(key, "bootstrap"));
    if (to > 0) this.start.moveVisible(this.#hidden, to, deriveKey(key, "gibbsChain", 1), this.visible);
  }

  #weigh(change: number, key: SeedKey): void {
    const increments = this.start
      .slopes(this.visible)
      .map((slope, row) => change * slope + this.#after[row] - this.#before[row]);
    increments.forEach((increment, row) => (this.works[row] += increment));
    this.population?.multiply(increments);
    const order = this.population?.renewIfUnequal(key);
    if (order != null) this.#reorder(order);
  }

  /** Chain i goes on from where its parent is. */
  #reorder(order: Uint32Array): void {
    reorderRows(this.visible, order);
    reorderRows(this.#hidden, order);
    this.works.set(Float64Array.from(order, (parent) => this.works[parent]));
  }

  /** Draw the population anew in any case, so that its chains have equal weights. `key` names this call alone. */
  renew(key: SeedKey): void {
    if (this.population !== null) this.#reorder(this.population.renew(key));
  }

  /** Follow a list of values of s, the first one being where the chains are. `key` names this call alone. */
  async follow(schedule: ArrayLike<number>, key: SeedKey, pause: Pause): Promise<void> {
    for (let k = 1; k < schedule.length; k++) {
      this.step(schedule[k - 1], schedule[k], deriveKey(key, "gibbsChain", k));
      await pause();
    }
  }

  /** Gibbs updates at s; the works stay. `key` names this call alone. */
  async equilibrate(updates: number, s: number, key: SeedKey, pause: Pause): Promise<void> {
    await this.follow(new Float32Array(updates + 1).fill(s), key, pause);
  }
}

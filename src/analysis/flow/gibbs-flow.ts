import { type BitMatrix, bitMatrix, type Kernels, type LayerArrays } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { LayerBuffers } from "../../rbm/layer-buffers.js";
import type { TorusShape } from "../monte-carlo-rg/index.js";
import type { MagnetizationReference, SpinState } from "../thermometers/index.js";
import { measureSpins, readThermometers } from "../thermometers/index.js";
import type { FlowPoint, Trajectory } from "./trajectory.js";

/** Ising configurations of one temperature. */
export interface FlowStart {
  readonly coupling: number;
  /** Row = round · chains + chain. */
  readonly rows: BitMatrix;
  readonly chains: number;
  /** What thermometers say of them. */
  readonly state: SpinState;
}

/**
 * The flow v → h → v′ → … of one layer: every configuration is replaced by one of P(v′|h), h of P(h|v), `steps` times, and
 * thermometers are read after each (Iso, Shiba & Yokoo, Phys. Rev. E 97, 053304 (2018)). Its stationary state is the model's own
 * distribution, whatever the temperature of the start.
 */
export async function gibbsFlow(
  layer: LayerArrays,
  { coupling, rows, chains, state }: FlowStart,
  steps: number,
  reference: MagnetizationReference,
  key: SeedKey,
  kernels: Kernels,
  pause: () => void | Promise<void> = () => undefined,
): Promise<Trajectory> {
  const { shape } = reference;
  const points: FlowPoint[] = [{ step: 0, shape, state }];
  const visible = bitMatrix(rows.rows, rows.columns);
  visible.words.set(rows.words);
  for (let step = 1; step <= steps; step++) {
    await pause();
    gibbsStep(layer, visible, deriveKey(key, "gibbsChain", step), kernels);
    points.push({ step, shape, state: readState(visible, shape, chains, reference) });
  }
  return { start: coupling, points };
}

/** What all thermometers say of configurations. */
export function readState(
  rows: BitMatrix,
  shape: TorusShape,
  chains: number,
  reference: MagnetizationReference | null,
): SpinState {
  return readThermometers(measureSpins(rows, shape, chains), reference);
}

function gibbsStep(layer: LayerArrays, visible: BitMatrix, key: SeedKey, kernels: Kernels): void {
  const arena = kernels.arena();
  try {
    const buffers = new LayerBuffers(layer, kernels, arena, visible.rows);
    const state = buffers.visible(visible.rows);
    state.words.set(visible.words);
    visible.words.set(buffers.gibbs(state, 1, key).words);
  } finally {
    arena.release();
  }
}

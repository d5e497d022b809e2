import type * as chains from "../../src/ising/chains.js";
import type * as lattice from "../../src/ising/lattice.js";
import type * as kernels from "../../src/kernels/index.js";
import type * as random from "../../src/random/index.js";
import type * as layerBuffers from "../../src/rbm/layer-buffers.js";
import type * as parameters from "../../src/rbm/parameters.js";
import type * as trainer from "../../src/rbm/trainer.js";

/** The parts of the built program that are timed from inside. */
export type Program = Readonly<
  typeof chains &
    typeof lattice &
    typeof kernels &
    typeof random &
    typeof layerBuffers &
    typeof parameters &
    typeof trainer
>;

/** Load them from `dist/`: what is timed is what is shipped. */
export async function loadProgram(root: URL): Promise<Program> {
  const load = (path: string): Promise<unknown> => import(new URL(`dist/${path}.js`, root).href);
  const modules = await Promise.all(
    [
      "ising/chains",
      "ising/lattice",
      "kernels/index",
      "random/index",
      "rbm/layer-buffers",
      "rbm/parameters",
      "rbm/trainer",
    ].map(load),
  );
  return Object.assign({}, ...modules) as Program;
}

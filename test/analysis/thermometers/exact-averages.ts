import type { SpinAverages } from "../../../src/analysis/thermometers/index.js";
import type { TorusShape } from "../../../src/analysis/monte-carlo-rg/index.js";

/** S_α of the spins and, for each site, v·n_α, by their definitions. */
function products(spins: readonly number[], [width, height]: TorusShape) {
  const at = (x: number, y: number): number =>
    spins[((x + width) % width) * height + ((y + height) % height)];
  const plaquette = (x: number, y: number): number =>
    at(x, y) * at(x + 1, y) * at(x, y + 1) * at(x + 1, y + 1);
  const sums = [0, 0, 0];
  const local: (readonly number[])[] = [];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const v = at(x, y);
      sums[0] += v * (at(x + 1, y) + at(x, y + 1));
      sums[1] += v * (at(x + 1, y + 1) + at(x + 1, y - 1));
      sums[2] += plaquette(x, y);
      local.push([
        v * (at(x + 1, y) + at(x - 1, y) + at(x, y + 1) + at(x, y - 1)),
        v * (at(x + 1, y + 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x - 1, y - 1)),
        plaquette(x, y) + plaquette(x - 1, y) + plaquette(x, y - 1) + plaquette(x - 1, y - 1),
      ]);
    }
  }
  return { sums, local };
}

/** The averages of given configurations with given weights, spin by spin. */
export function averagesOf(
  configurations: readonly {
    readonly spins: readonly number[];
    readonly weight: (sums: readonly number[]) => number;
  }[],
  shape: TorusShape,
): SpinAverages {
  const neighborhoods = new Float64Array(125);
  let [total, first, second, fourth] = [0, 0, 0, 0];
  for (const { spins, weight } of configurations) {
    const { sums, local } = products(spins, shape);
    const w = weight(sums);
    for (const [a, b, c] of local) neighborhoods[25 * (a / 2 + 2) + 5 * (b / 2 + 2) + c / 2 + 2] += w;
    const m = spins.reduce((sum, v) => sum + v, 0) / spins.length;
    total += w;
    first += w * Math.abs(m);
    second += w * m * m;
    fourth += w * m ** 4;
  }
  return {
    shape,
    neighborhoods,
    absMagnetization: first / total,
    squareMagnetization: second / total,
    fourthMagnetization: fourth / total,
  };
}

/** Exact averages of the Gibbs state e^{Σ K_α S_α} of nearest neighbours, diagonals and plaquettes on a tiny torus. */
export function exactAverages(shape: TorusShape, couplings: readonly number[]): SpinAverages {
  const sites = shape[0] * shape[1];
  const weight = (sums: readonly number[]): number =>
    Math.exp(couplings.reduce((sum, k, a) => sum + k * sums[a], 0));
  const configurations = Array.from({ length: 2 ** sites }, (_, state) => ({
    spins: Array.from({ length: sites }, (__, site) => 2 * ((state >> site) & 1) - 1),
    weight,
  }));
  return averagesOf(configurations, shape);
}

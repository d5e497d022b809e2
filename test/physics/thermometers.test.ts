import { describe, expect, it } from "vitest";
import { sitePermuted } from "../../src/analysis/controls/index.js";
import {
  type MagnetizationReference,
  measureSpins,
  readThermometers,
  type ResidualTest,
  sampleReference,
  type SpinState,
  type ThermometerName,
} from "../../src/analysis/thermometers/index.js";
import { torus } from "../../src/ising/lattice.js";
import { CRITICAL_COUPLING, isingModel } from "../../src/ising/model.js";
import { sampleIsing } from "../../src/ising/sample.js";
import { type BitMatrix, bitMatrix, packBits, rowRange, unpackRow } from "../../src/kernels/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { kernels } from "./kernels.js";

const CHAINS = 64;

async function ising(side: number, temperature: number, samples: number, seed = "ising"): Promise<BitMatrix> {
  const { configurations } = await sampleIsing(
    isingModel(torus(side, side), 1 / temperature),
    {
      ...{ samples, chains: CHAINS, algorithm: "auto", start: "auto" },
      ...{ thermalization: "auto", spacing: "auto" },
    },
    seedKey(`${seed} ${temperature}`),
    kernels,
  );
  return configurations;
}

const references = new Map<number, Promise<MagnetizationReference>>();

function referenceOf(side: number): Promise<MagnetizationReference> {
  const known = references.get(side);
  if (known !== undefined) return known;
  const made = sampleReference([side, side], 4096, seedKey("reference"), kernels);
  references.set(side, made);
  return made;
}

async function read(rows: BitMatrix, side: number): Promise<SpinState> {
  return readThermometers(measureSpins(rows, [side, side], CHAINS), await referenceOf(side));
}

describe("thermometers on Ising configurations (16 × 16)", () => {
  const temperatures = [1.5, 1.8, 2, 2.15, 2.27, 2.4, 2.6, 3, 3.5, 4.5];

  it("read the temperature within 1 % wherever they are sensitive, and within their errors everywhere", async () => {
    const sensitive = new Map<ThermometerName, number[]>();
    let squares = 0;
    let count = 0;
    for (const temperature of temperatures) {
      const state = await read(await ising(16, temperature, 16_384), 16);
      for (const { thermometer, temperature: found } of state.readings) {
        const deviation = found.value / temperature - 1;
        const error = found.error / temperature;
        if (Number.isNaN(error)) continue;
        expect(Math.abs(deviation), `${thermometer} at ${temperature}`).toBeLessThan(4.5 * error);
        squares += (deviation / error) ** 2;
        count++;
        if (error > 0.0035) continue;
        expect(Math.abs(deviation), `${thermometer} at ${temperature}`).toBeLessThan(0.01);
        sensitive.set(thermometer, [...(sensitive.get(thermometer) ?? []), temperature]);
      }
    }
    expect(Object.fromEntries(sensitive)).toEqual({
      "pseudo-likelihood": temperatures,
      "inverse-onsager": temperatures,
      "three-couplings": [3, 3.5, 4.5], // three unknowns: 0.4 to 0.6 % from T = 2 to 2.6, 2 % at 1.5
      "abs-magnetization": [1.5, 1.8, 2, 2.15, 2.27, 2.4, 2.6], // above, |m| hardly depends on T
      binder: [2, 2.15, 2.27, 2.4], // in the critical region; nothing at all is read above T = 2.6
    });
    // Errors are honest: the mean square of deviation over error is 1 up to 4 standard deviations of χ².
    expect(Math.abs(squares / count - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
  });
});

/** The p value of each of many independent sets of Ising configurations. */
async function pValues(side: number, temperature: number, sets: number, each: number): Promise<Float64Array> {
  const rows = await ising(side, temperature, sets * each, "false positives");
  const reference = await referenceOf(side);
  return Float64Array.from({ length: sets }, (_, k) => {
    const averages = measureSpins(rowRange(rows, k * each, each), [side, side], CHAINS);
    return readThermometers(averages, reference).residual.pValue;
  }).sort();
}

describe("the residual test (8 × 8)", () => {
  it.each([1.9, 1 / CRITICAL_COUPLING, 3])(
    "rejects Ising states of T = %f no more often than it says",
    async (temperature) => {
      const p = await pValues(8, temperature, 100, 512);
      const farthest = p.reduce(
        (most, value, k) => Math.max(most, Math.abs(value - (k + 0.5) / p.length)),
        0,
      );
      expect(farthest).toBeLessThan(1.95 / Math.sqrt(p.length)); // Kolmogorov, 0.1 %
    },
  );

  it("rejects mixtures of two temperatures, permuted sites and shuffled spins", async () => {
    const results: [string, ResidualTest][] = [];
    for (const [a, b] of [
      [2, 2.6],
      [1.5, 3.5],
      [3, 6],
    ]) {
      const [hot, cold] = [await ising(16, a, 1024), await ising(16, b, 1024)];
      results.push([`${a} and ${b}`, (await read(stacked(hot, cold), 16)).residual]);
    }
    for (const temperature of [1.8, 2.27, 3]) {
      const rows = await ising(16, temperature, 1024);
      const permuted = sitePermuted(rows, seedKey("permuted"));
      results.push([`permuted ${temperature}`, (await read(permuted, 16)).residual]);
      results.push([`shuffled ${temperature}`, (await read(shuffled(rows), 16)).residual]);
    }
    for (const [name, { pValue }] of results) {
      expect(pValue, name).toBeLessThan(1e-6);
    }
  });
});

/** The rows of one under those of the other: chain c of both is one group. */
function stacked(a: BitMatrix, b: BitMatrix): BitMatrix {
  const out = bitMatrix(a.rows + b.rows, a.columns);
  out.words.set(a.words);
  out.words.set(b.words, a.words.length);
  return out;
}

/** The spins of every configuration in an order of its own. */
function shuffled(rows: BitMatrix): BitMatrix {
  const random = new RandomStream(seedKey("shuffled"));
  const spins = new Int8Array(rows.rows * rows.columns);
  for (let row = 0; row < rows.rows; row++) {
    const own = spins.subarray(row * rows.columns, (row + 1) * rows.columns);
    unpackRow(rows, row, own);
    for (let i = own.length - 1; i > 0; i--) {
      const j = random.nextInteger(i + 1);
      [own[i], own[j]] = [own[j], own[i]];
    }
  }
  return packBits(spins, rows.rows, rows.columns);
}

import { describe, expect, it } from "vitest";
import { latticeFourier } from "../../src/analysis/lattice-fourier.js";
import { DomainError } from "../../src/errors/index.js";
import { fillStandardNormal, seedKey } from "../../src/random/index.js";

function normals(sites: number, seed: string): Float64Array {
  const out = new Float64Array(sites);
  fillStandardNormal(seedKey(seed), out);
  return out;
}

describe("lattice Fourier transform", () => {
  it.each([[[1]], [[2]], [[7]], [[60]], [[64]], [[4, 4]], [[12, 10]], [[9, 35]], [[13, 2]]])(
    "is the sum it stands for on %j",
    (shape) => {
      const [width, height] = shape.length === 1 ? [shape[0], 1] : shape;
      const sites = width * height;
      const [real, imaginary] = [normals(sites, "real"), normals(sites, "imaginary")];
      const [outReal, outImaginary] = [real.slice(), imaginary.slice()];
      latticeFourier(shape)(outReal, outImaginary);
      for (let k = 0; k < sites; k++) {
        let [sumReal, sumImaginary] = [0, 0];
        for (let r = 0; r < sites; r++) {
          const turns =
            (Math.floor(k / height) * Math.floor(r / height)) / width +
            ((k % height) * (r % height)) / height;
          const [cosine, sine] = [Math.cos(2 * Math.PI * turns), -Math.sin(2 * Math.PI * turns)];
          sumReal += real[r] * cosine - imaginary[r] * sine;
          sumImaginary += real[r] * sine + imaginary[r] * cosine;
        }
        expect(Math.abs(outReal[k] - sumReal)).toBeLessThan(1e-11);
        expect(Math.abs(outImaginary[k] - sumImaginary)).toBeLessThan(1e-11);
      }
    },
  );

  it("refuses arrays of another size", () => {
    expect(() => {
      latticeFourier([4, 4])(new Float64Array(16), new Float64Array(15));
    }).toThrow(DomainError);
  });
});

import { describe, expect, it } from "vitest";
import { DataError, DomainError } from "../../../src/errors/index.js";
import { mosaicFigure } from "../../../src/report/figures/index.js";
import { boxOf, decode, embeddedRaster, expectSelfContained, expectWellFormed, pixel } from "./pictures.js";
import type { Box, Color } from "./pictures.js";

const same = (wanted: Color) => (color: Color) => color.every((value, channel) => value === wanted[channel]);
const isOrange = ([r, , b]: Color): boolean => r > b + 60;
const isBlue = ([r, , b]: Color): boolean => b > r + 60;
const NEUTRAL: Color = [247, 247, 247];
const BORDER: Color = [150, 150, 150];

/** A box as fractions of another one. */
function within(inner: Box, outer: Box): number[] {
  const width = outer.right - outer.left;
  const height = outer.bottom - outer.top;
  return [
    (inner.left - outer.left) / width,
    (inner.top - outer.top) / height,
    (inner.right - outer.left) / width,
    (inner.bottom - outer.top) / height,
  ];
}

/** Smooth bumps, different for every unit. */
function bumps(units: number, sites: number): Float32Array {
  return Float32Array.from({ length: units * sites }, (_, i) => Math.sin(0.37 * i) * Math.cos(0.011 * i * i));
}

describe("a mosaic on the torus", () => {
  it("puts each weight at its unit's tile, x to the right and y down, with the colour of its sign", async () => {
    const [lx, ly] = [5, 3];
    const fields = new Float64Array(4 * lx * ly);
    fields[2 * lx * ly + 3 * ly + 1] = 0.8; // unit 2: third in reading order of a 2 × 2 grid; x = 3, y = 1
    fields[1 * lx * ly + 0 * ly + 2] = -0.8; // unit 1: upper right; x = 0, y = 2
    const { svg, png } = await mosaicFigure({ title: "one hot", fields, units: 4, shape: [lx, ly] });
    const { image, left, top } = embeddedRaster(svg);
    const [middleX, middleY] = [image.width / 2, image.height / 2];
    const lowerLeft = { left: 0, top: middleY, right: middleX, bottom: image.height };
    const upperRight = { left: middleX, top: 0, right: image.width, bottom: middleY };
    const inTile = (color: Color): boolean => isOrange(color) || isBlue(color) || same(NEUTRAL)(color);
    const positive = boxOf(image, isOrange)!;
    const negative = boxOf(image, isBlue)!;
    expect(within(positive, boxOf(image, inTile, lowerLeft)!)).toEqual([3 / 5, 1 / 3, 4 / 5, 2 / 3]);
    expect(within(negative, boxOf(image, inTile, upperRight)!)).toEqual([0, 2 / 3, 1 / 5, 1]);
    // The figure shows the same bitmap, doubled, at the place the SVG gives it, unblurred.
    const page = decode(png);
    for (const { left: x, top: y } of [positive, negative]) {
      expect(pixel(page, 2 * (left + x), 2 * (top + y))).toEqual(pixel(image, x, y));
      expect(pixel(page, 2 * (left + x) + 1, 2 * (top + y) + 1)).toEqual(pixel(image, x, y));
    }
  });

  it("uses one scale for all units: colours deepen with the magnitude and saturate at the largest", async () => {
    const fields = Float32Array.of(1, 0.5, 0.25, 0, -0.25, -0.5, -1, 0);
    const { svg } = await mosaicFigure({ title: "scale", fields, units: 2, shape: [2, 2] });
    const { image } = embeddedRaster(svg);
    const counts = new Map<string, number>();
    for (let y = 0; y < image.height; y++) {
      for (let x = 0; x < image.width; x++) {
        const key = pixel(image, x, y).join();
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    // ColorBrewer's anchors: ±1 are the ends; ±0.5 lies halfway between the anchors of 0.4 and 0.6.
    const area = counts.get("127,59,8")!;
    const expected = ["5,48,97", "239,157,60", "107,172,209"];
    for (const color of expected) expect(counts.get(color)).toBe(area);
    expect(counts.get(NEUTRAL.join())).toBe(2 * area);
    expect(svg).toContain(">−1.00<");
    expect(svg).toContain(">1.00<");
    expect(svg).toContain(">0.5<");
  });

  it("draws a layer of zeros in the neutral colour", async () => {
    const figure = await mosaicFigure({
      title: "zero",
      fields: new Float32Array(128),
      units: 2,
      shape: [8, 8],
    });
    const { image } = embeddedRaster(figure.svg);
    expect(boxOf(image, same(NEUTRAL))).not.toBeNull();
    const strange = (color: Color): boolean =>
      ![NEUTRAL, BORDER, [255, 255, 255] as const].some((known) => same(known)(color));
    expect(boxOf(image, strange)).toBeNull();
    expect(figure.svg).toContain("All values shown are zero.");
    expect(figure.svg).not.toContain("NaN");
    expectSelfContained(figure);
  });

  it("keeps 400 noisy fields of 40 × 40 below 600 kB of SVG and near 900 pixels of width", async () => {
    const fields = bumps(400, 1600).map((value, i) => (i % 40 < 8 ? value : 0.1 * value));
    const figure = await mosaicFigure({ title: "400 fields", fields, units: 400, shape: [40, 40] });
    expect(figure.svg.length).toBeLessThan(600_000);
    const { image } = embeddedRaster(figure.svg);
    expect(image.width).toBe(20 * 41 + 1);
    expect(image.height).toBe(20 * 41 + 1);
    expectSelfContained(figure);
  });

  it.each([1, 3, 5, 6, 25, 100])(
    "enlarges %i tiles by a whole factor to a figure 640 to 1000 wide",
    async (units) => {
      const figure = await mosaicFigure({
        title: "tiles",
        fields: bumps(units, 1600),
        units,
        shape: [40, 40],
      });
      const width = Number(/width="(\d+)"/.exec(figure.svg)![1]);
      expect(width).toBeGreaterThanOrEqual(640);
      expect(width).toBeLessThanOrEqual(1000);
    },
  );

  it("says what it leaves out and where its colours saturate", async () => {
    const fields = bumps(30, 16);
    fields[5] = 40;
    const options = { title: "part", fields, units: 30, shape: [4, 4] };
    const { svg } = await mosaicFigure({ ...options, maxUnits: 9, percentile: 95 });
    expect(svg).toContain("The first 9 of 30 units are shown.");
    expect(svg).toMatch(/Colours saturate at percentile 95 .*largest magnitude is 40\.0/);
    const shown = [...fields.slice(0, 9 * 16)].map(Math.abs).sort((a, b) => a - b);
    expect(svg).toContain(`>${shown[Math.ceil(0.95 * shown.length) - 1].toPrecision(3)}<`);
    const whole = await mosaicFigure({ ...options, maxUnits: 30 });
    expect(whole.svg).not.toContain("are shown");
    expect(whole.svg).not.toContain("saturate");
  });

  it("writes labels above the tiles when they fit, and not when they do not", async () => {
    const labels = Array.from({ length: 4 }, (_, unit) => `unit <${unit}> & co`);
    const options = { title: "t", fields: bumps(4, 64), units: 4, shape: [8, 8] };
    const { svg } = await mosaicFigure({ ...options, labels });
    for (let unit = 0; unit < 4; unit++) expect(svg).toContain(`>unit &lt;${unit}&gt; &amp; co<`);
    expectWellFormed(svg);
    const tooLong = await mosaicFigure({ ...options, labels: labels.map((label) => label.repeat(20)) });
    expect(tooLong.svg).not.toContain("&amp; co");
  });
});

describe("a mosaic on the chain", () => {
  it("draws units as rows and sites as columns", async () => {
    const fields = new Float64Array(3 * 7);
    fields[1 * 7 + 5] = 2;
    fields[2 * 7 + 0] = -2;
    const figure = await mosaicFigure({ title: "chain", fields, units: 3, shape: [7] });
    const { image } = embeddedRaster(figure.svg);
    const all = { left: 0, top: 0, right: image.width, bottom: image.height };
    expect(within(boxOf(image, isOrange)!, all)).toEqual([5 / 7, 1 / 3, 6 / 7, 2 / 3]);
    expect(within(boxOf(image, isBlue)!, all)).toEqual([0, 2 / 3, 1 / 7, 1]);
    expect(figure.svg).toContain(">site<");
    expectSelfContained(figure);
    expectWellFormed(figure.svg);
  });
});

describe("every mosaic", () => {
  const options = {
    title: `a "title" with <tags> & a bell \u0007`,
    subtitle: "K = 0.408",
    fields: bumps(6, 24),
    units: 6,
    shape: [6, 4],
  };

  it("is the same bytes for the same input, a well-formed SVG without outside references, and a PNG", async () => {
    const [first, second] = await Promise.all([mosaicFigure(options), mosaicFigure(options)]);
    expect(second.svg).toBe(first.svg);
    expect(Buffer.compare(first.png, second.png)).toBe(0);
    expectWellFormed(first.svg);
    expectSelfContained(first);
  });

  it("names the first value it cannot draw", async () => {
    for (const bad of [NaN, Infinity]) {
      const fields = bumps(6, 24);
      fields[2 * 24 + 7] = bad;
      const failure = mosaicFigure({ ...options, fields });
      await expect(failure).rejects.toThrow(DomainError);
      await expect(failure).rejects.toThrow(`field of unit 2 is ${bad} at site 7`);
    }
  });

  it("refuses fields, labels and shapes that do not agree", async () => {
    await expect(mosaicFigure({ ...options, units: 5 })).rejects.toThrow(DataError);
    await expect(mosaicFigure({ ...options, labels: ["one"] })).rejects.toThrow(DataError);
    await expect(mosaicFigure({ ...options, shape: [2, 3, 4] })).rejects.toThrow(DomainError);
    await expect(mosaicFigure({ ...options, units: 0 })).rejects.toThrow(DomainError);
    await expect(mosaicFigure({ ...options, percentile: 0 })).rejects.toThrow(DomainError);
  });
});

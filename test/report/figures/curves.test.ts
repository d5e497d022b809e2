import { describe, expect, it } from "vitest";
import { DataError, DomainError } from "../../../src/errors/index.js";
import { curvesFigure, smallMultiplesFigure } from "../../../src/report/figures/index.js";
import type { Series } from "../../../src/report/figures/index.js";
import { boxOf, decode, expectSelfContained, expectWellFormed } from "./pictures.js";

const WIDTH = 560;
const HEIGHT = 360;
const labels = { title: "loss <per spin> & more", xLabel: "epoch", yLabel: "loss" };

/** The `d` attributes of the drawn lines, split into numbers: one array [x0, y0, x1, y1, …] for each piece. */
function lines(svg: string): number[][] {
  const groups = [...svg.matchAll(/<g class="mark-line[^>]*>(.*?)<\/g>/gs)].map((match) => match[1]);
  return groups.flatMap((group) =>
    [...group.matchAll(/d="([^"]*)"/g)].map((match) => match[1].match(/-?[\d.]+/g)!.map(Number)),
  );
}

function expectPoints(drawn: readonly number[], expected: readonly number[]): void {
  expect(drawn).toHaveLength(expected.length);
  drawn.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 2);
  });
}

describe("a chart of curves", () => {
  it("draws points at their places: 4 % of room on each side, y upward", async () => {
    const { svg } = await curvesFigure({ ...labels, series: [{ name: "a", x: [0, 1, 4], y: [-1, 3, 1] }] });
    const x = (value: number): number => (WIDTH * (value / 4 + 0.04)) / 1.08;
    const y = (value: number): number => HEIGHT * (1 - ((value + 1) / 4 + 0.04) / 1.08);
    expect(lines(svg)).toHaveLength(1);
    expectPoints(lines(svg)[0], [x(0), y(-1), x(1), y(3), x(4), y(1)]);
  });

  it("draws powers of ten evenly on logarithmic axes and leaves out what has no logarithm", async () => {
    const series = [{ name: "a", x: [1, 10, 100, 1000], y: [10, 100, 1000, -5] }];
    const { svg } = await curvesFigure({ ...labels, series, logX: true, logY: true });
    const at = (size: number, fraction: number): number => (size * (fraction + 0.04)) / 1.08;
    const points = [0, 0.5, 1].flatMap((f) => [at(WIDTH, f), HEIGHT - at(HEIGHT, f)]);
    expectPoints(lines(svg)[0], points);
  });

  it("breaks a line where a point is not finite", async () => {
    const y = [1, 2, NaN, 2, 1, Infinity, 3, 4];
    const { svg } = await curvesFigure({
      ...labels,
      series: [{ name: "a", x: [0, 1, 2, 3, 4, 5, 6, 7], y }],
    });
    expect(lines(svg).map((line) => line.length / 2)).toEqual([2, 2, 2]);
  });

  it("joins points in the order given, not in the order of x", async () => {
    const { svg } = await curvesFigure({ ...labels, series: [{ name: "loop", x: [0, 2, 1], y: [0, 0, 1] }] });
    const [x0, , x1, , x2] = lines(svg)[0];
    expect(x0).toBeLessThan(x2);
    expect(x2).toBeLessThan(x1);
  });

  it("covers exactly y ± error with the band, and ends it at the axis where it has no logarithm", async () => {
    const band = (svg: string): number[] =>
      /<g class="mark-area[^>]*>\s*<path[^>]*d="([^"]*)"/
        .exec(svg)![1]
        .match(/-?[\d.]+/g)!
        .map(Number);
    const series = [{ name: "a", x: [0, 1], y: [0, 0], error: [1, 0.5] }];
    const linear = await curvesFigure({ ...labels, series });
    const y = (value: number): number => HEIGHT * (1 - ((value + 1) / 2 + 0.04) / 1.08);
    const heights = band(linear.svg).filter((_, i) => i % 2 === 1);
    expectPoints(
      [...heights].sort((a, b) => a - b),
      [y(1), y(0.5), y(-0.5), y(-1)],
    );
    const below = [{ name: "a", x: [1, 2], y: [1, 1], error: [2, 0.5] }];
    const logarithmic = await curvesFigure({ ...labels, series: below, logY: true });
    expect(Math.max(...band(logarithmic.svg).filter((_, i) => i % 2 === 1))).toBeCloseTo(HEIGHT, 2);
  });

  it("draws the error of a point that stands alone as a bar, and of others as a band", async () => {
    const bars = async (x: readonly number[]): Promise<readonly string[]> => {
      const y = x.map(() => 0);
      const series = [{ name: "a", x, y, error: x.map(() => 1) }];
      const { svg } = await curvesFigure({ ...labels, series });
      return [...svg.matchAll(/<line [^>]*stroke-width="2"[^>]*>/g)].map(([line]) => line);
    };
    const [bar] = await bars([1]);
    expect(Math.abs(Number(/y2="([^"]*)"/.exec(bar)![1]))).toBeCloseTo(HEIGHT / 1.08, 6);
    expect(await bars([1, 2])).toEqual([]);
  });

  it("tells series apart by colour, by dash and by marker alike", async () => {
    const series = Array.from({ length: 5 }, (_, k): Series => ({ name: `s${k}`, x: [0, 1], y: [k, k + 1] }));
    const { svg } = await curvesFigure({ ...labels, series });
    const strokes = [...svg.matchAll(/<g class="mark-line[^>]*>\s*<path[^>]*>/g)].map((match) => match[0]);
    const colors = strokes.map((stroke) => /stroke="([^"]*)"/.exec(stroke)![1]);
    const dashes = strokes.map((stroke) => /stroke-dasharray="([^"]*)"/.exec(stroke)?.[1]);
    const markers = [...svg.matchAll(/<g class="mark-symbol[^>]*>\s*<path[^>]*?d="([^"]*)"/g)].map(
      (m) => m[1],
    );
    expect(new Set(colors).size).toBe(5);
    expect(new Set(dashes).size).toBe(5);
    expect(new Set(markers).size).toBe(5);
    for (const { name } of series) expect(svg).toContain(`>${name}<`);
  });

  it("uses the dash a series asks for, in the plot and in the legend", async () => {
    const series = [{ name: "a", x: [0, 1], y: [0, 1], dash: [9, 1] }];
    const { svg } = await curvesFigure({ ...labels, series });
    expect(svg.match(/stroke-dasharray="9,1"/g)).toHaveLength(2);
  });

  it("draws reference lines with their labels and makes room for them", async () => {
    const { svg } = await curvesFigure({
      ...labels,
      series: [{ name: "a", x: [0, 1], y: [0, 1] }],
      referenceLines: [
        { axis: "y", value: 3, label: "exact" },
        { axis: "x", value: 0.5, label: "K = ½ ln(1 + √2)" },
      ],
    });
    expect(svg).toContain(">exact<");
    expect(svg).toContain(">K = ½ ln(1 + √2)<");
    const top = (3 + 0.12) / 3.24;
    const rules = [
      ...svg.matchAll(/<g class="mark-rule[^>]*>\s*<line[^>]*transform="translate\(([^)]*)\)"/g),
    ];
    const places = rules.map((match) => match[1].split(",").map(Number));
    expect(places.some(([, y]) => Math.abs(y - HEIGHT * (1 - top)) < 0.01)).toBe(true);
    expect(places.some(([x]) => Math.abs(x - WIDTH / 2) < 0.01)).toBe(true);
  });

  it.each([
    ["nothing", []],
    ["no finite point", [{ name: "a", x: [1, 2], y: [NaN, NaN] }]],
    ["a single point", [{ name: "a", x: [3], y: [5] }]],
    ["a constant", [{ name: "a", x: [1, 2], y: [0, 0] }]],
    ["a small part of a decade", [{ name: "a", x: [5, 5.0001], y: [1e-9, 1.0001e-9] }]],
  ] as [string, Series[]][])("does not stumble over %s, on either kind of axis", async (_name, series) => {
    for (const log of [false, true]) {
      const figure = await curvesFigure({ ...labels, series, logX: log, logY: log });
      expect(figure.svg).not.toMatch(/NaN|Infinity|undefined|null/);
      expectSelfContained(figure);
    }
  });

  it("refuses series of unequal lengths, negative errors and impossible reference lines", async () => {
    const draw = (series: Series) => curvesFigure({ ...labels, series: [series] });
    await expect(draw({ name: "a", x: [1], y: [1, 2] })).rejects.toThrow(DataError);
    await expect(draw({ name: "a", x: [1, 2], y: [1, 2], error: [1] })).rejects.toThrow(DataError);
    await expect(draw({ name: "a", x: [1], y: [1], error: [-1] })).rejects.toThrow(DomainError);
    const zero = [{ axis: "y", value: 0 }] as const;
    const options = { ...labels, series: [], referenceLines: zero };
    await expect(curvesFigure({ ...options, logY: true })).rejects.toThrow(DomainError);
    await expect(curvesFigure(options)).resolves.toBeDefined();
  });
});

describe("small multiples", () => {
  const panel = (title: string, names: string[]) => ({
    ...labels,
    title,
    series: names.map((name, k) => ({ name, x: [0, 1, 2], y: [k, k + 1, k] })),
  });

  it("draws one set of axes per panel, one legend, and a name in the same colour everywhere", async () => {
    const panels = [panel("first layer", ["train", "test"]), panel("second layer", ["test"])];
    const figure = await smallMultiplesFigure({ title: "training", panels });
    expectSelfContained(figure);
    expectWellFormed(figure.svg);
    for (const text of ["first layer", "second layer"]) expect(figure.svg).toContain(`>${text}<`);
    expect(figure.svg.match(/>test</g)).toHaveLength(1);
    const strokes = [...figure.svg.matchAll(/<g class="mark-line[^>]*>\s*<path[^>]*stroke="([^"]*)"/g)];
    const [train, test, testAgain] = strokes.map((match) => match[1]);
    expect(testAgain).toBe(test);
    expect(train).not.toBe(test);
  });

  it("arranges panels in rows of the given length", async () => {
    const panels = [panel("a", ["s"]), panel("b", ["s"]), panel("c", ["s"])];
    const row = decode((await smallMultiplesFigure({ title: "t", panels })).png);
    const column = decode((await smallMultiplesFigure({ title: "t", panels, columns: 1 })).png);
    expect(row.width).toBeGreaterThan(2 * row.height);
    expect(column.height).toBeGreaterThan(column.width);
    await expect(smallMultiplesFigure({ title: "t", panels: [] })).rejects.toThrow(DomainError);
  });
});

describe("every chart", () => {
  it("is the same bytes for the same input, also when charts are drawn side by side", async () => {
    const options = {
      ...labels,
      series: [{ name: "a", x: [1, 2, 3], y: [3, 1, 2], error: [0.1, 0.1, 0.2] }],
    };
    const [first, second] = await Promise.all([curvesFigure(options), curvesFigure(options)]);
    expect(second.svg).toBe(first.svg);
    expect(Buffer.compare(first.png, second.png)).toBe(0);
    expectWellFormed(first.svg);
    expectSelfContained(first);
  });

  it("clips nothing: a margin of paper surrounds everything drawn, however long the words", async () => {
    const { png } = await curvesFigure({
      title:
        "A title so long that it has to be broken into several lines before it fits above the axes below",
      xLabel: "coupling K (dimensionless)",
      yLabel: "reconstruction error per spin (dimensionless)",
      series: [{ name: "a rather long name of a series", x: [0, 1e7], y: [-1e-5, 1e-5] }],
      referenceLines: [{ axis: "y", value: 0, label: "a long explanation of zero" }],
    });
    const image = decode(png);
    const drawn = boxOf(image, ([r, g, b]) => r + g + b < 700)!;
    expect(drawn.left).toBeGreaterThan(20);
    expect(drawn.top).toBeGreaterThan(20);
    expect(image.width - drawn.right).toBeGreaterThan(20);
    expect(image.height - drawn.bottom).toBeGreaterThan(20);
  });
});

import { describe, expect, it } from "vitest";
import { DataError } from "../../../src/errors/index.js";
import { centerMapFigure } from "../../../src/report/figures/index.js";

const SHAPE = [10, 10];
const dots = (svg: string): readonly string[] => svg.match(/<circle[^>]* r="1\.6"[^>]*>/g) ?? [];

describe("centerMapFigure", () => {
  it("draws a unit inside the lattice once, and one at a corner on all four", async () => {
    const map = (x: number, y: number) =>
      centerMapFigure({
        title: "map",
        shape: SHAPE,
        panels: [{ title: "layer", x: [x], y: [y], radius: [1] }],
      });
    expect(dots((await map(4, 6)).svg)).toHaveLength(1);
    expect(dots((await map(0, 6)).svg)).toHaveLength(2);
    expect(dots((await map(9.5, 0)).svg)).toHaveLength(4);
    // The middle of site 4 of 10 lies at 45 % of the width of 300 pixels.
    expect((await map(4, 6)).svg).toContain('cx="135" cy="195" r="30"');
  });

  it("draws a chain as a strip, and a panel for each layer", async () => {
    const panel = { title: "layer", x: [3], y: [0], radius: [1] };
    const { svg, png } = await centerMapFigure({ title: "map", shape: [12], panels: [panel, panel] });
    expect(dots(svg)).toHaveLength(2);
    expect(svg.match(/x \(sites\)/g)).toHaveLength(2);
    expect(svg).not.toContain("y (sites)");
    expect(png.length).toBeGreaterThan(1000);
  });

  it("refuses no panels, and lists of different lengths", async () => {
    await expect(centerMapFigure({ title: "map", shape: SHAPE, panels: [] })).rejects.toThrow(DataError);
    const uneven = [{ title: "layer", x: [1], y: [], radius: [1] }];
    await expect(centerMapFigure({ title: "map", shape: SHAPE, panels: uneven })).rejects.toThrow(DataError);
  });
});

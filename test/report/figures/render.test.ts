import { Resvg } from "@resvg/resvg-js";
import { describe, expect, it } from "vitest";
import { DomainError } from "../../../src/errors/index.js";
import { fontPath, textWidth, wrapText } from "../../../src/report/figures/font.js";
import { encodeIndexedPng } from "../../../src/report/figures/indexed-png.js";
import { renderVegaLite, svgToPng } from "../../../src/report/figures/index.js";
import { logTickLabels, logTicks } from "../../../src/report/figures/log-ticks.js";
import { boxOf, decode } from "./pictures.js";

function page(text: string, family = "DejaVu Sans"): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="40">` +
    `<text x="5" y="30" font-size="24" font-family="${family}">${text}</text></svg>`
  );
}

const isInk = ([r]: readonly [number, number, number]): boolean => r < 128;

describe("svgToPng", () => {
  it("draws text with the shipped font whatever family the SVG names", async () => {
    const shipped = await svgToPng(page("Kopplung βJ"), 1);
    expect(boxOf(decode(shipped), isInk)).not.toBeNull();
    expect(Buffer.compare(await svgToPng(page("Kopplung βJ", "No Such Family"), 1), shipped)).toBe(0);
    expect(Buffer.compare(await svgToPng(page("Kopplung βj"), 1), shipped)).not.toBe(0);
  });

  it("has a glyph for every special character the figures use", async () => {
    const missing = await svgToPng(page("\u{e123}"), 1);
    for (const character of "−×·±–…√⟨⟩βσλχξ⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂½") {
      const drawn = await svgToPng(page(character), 1);
      expect(
        boxOf(decode(drawn), ([r]) => r < 200),
        character,
      ).not.toBeNull();
      expect(Buffer.compare(drawn, missing), character).not.toBe(0);
    }
  });

  it("scales by whole or broken factors and refuses others", async () => {
    expect(decode(await svgToPng(page("x"), 3))).toMatchObject({ width: 1200, height: 120 });
    expect(decode(await svgToPng(page("x"), 0.5))).toMatchObject({ width: 200, height: 20 });
    for (const scale of [0, -1, NaN, Infinity]) {
      await expect(svgToPng(page("x"), scale)).rejects.toThrow(DomainError);
    }
  });
});

describe("text measurement", () => {
  it("agrees with the renderer: n equal letters are n − 1 advances wider than one", () => {
    const drawnWidth = (text: string): number =>
      new Resvg(page(text), {
        font: { loadSystemFonts: false, fontFiles: [fontPath()], defaultFontFamily: "DejaVu Sans" },
      }).getBBox()!.width;
    for (const letter of ["m", "i", "W", "7", "β", "−", "⁷", "√"]) {
      const advances = drawnWidth(letter.repeat(9)) - drawnWidth(letter);
      expect(textWidth(letter.repeat(8), 24), letter).toBeCloseTo(advances, 1);
    }
  });

  it("breaks lines between words, and within words too long for a line", () => {
    const lines = wrapText("receptive fields of a layer with an extraordinarilylongword inside", 13, 90);
    for (const line of lines) expect(textWidth(line, 13)).toBeLessThanOrEqual(90);
    expect(lines.join("").replaceAll(" ", "")).toBe(
      "receptivefieldsofalayerwithanextraordinarilylongwordinside",
    );
    expect(lines[0]).toBe("receptive");
    expect(wrapText("", 13, 90)).toEqual([]);
  });
});

describe("renderVegaLite", () => {
  it("draws the same bytes again, clip paths included", async () => {
    const spec = {
      data: { values: [{ x: 1, y: 2 }] },
      mark: { type: "line" as const, clip: true },
      encoding: { x: { field: "x" }, y: { field: "y" } },
    };
    const first = await renderVegaLite(spec);
    const second = await renderVegaLite(spec);
    expect(first.svg).toContain("clip-path");
    expect(second.svg).toBe(first.svg);
  });

  it("loads nothing and reports what vega warns of", async () => {
    const spec = { data: { url: "https://example.org/data.json" }, mark: "point" as const, encoding: {} };
    await expect(renderVegaLite(spec)).rejects.toThrow(/inline data only/);
  });
});

describe("indexed PNG", () => {
  it("decodes to the pixels it was given", () => {
    const palette = [[255, 255, 255] as const, [200, 30, 7] as const, [0, 0, 0] as const];
    const pixels = Uint8Array.from({ length: 35 }, (_, i) => (i * i) % 3);
    const image = decode(encodeIndexedPng({ width: 7, height: 5, pixels, palette }));
    expect([image.width, image.height]).toEqual([7, 5]);
    const expected = [...pixels].flatMap((index) => [...palette[index], 255]);
    expect([...image.data]).toEqual(expected);
  });
});

describe("ticks of a logarithmic axis", () => {
  it.each([
    [[0.9, 1100], 6, [1, 10, 100, 1000]],
    [[0.5, 60], 8, [0.5, 1, 2, 5, 10, 20, 50]],
    [[1e-9, 1e9], 6, [1e-8, 1e-4, 1, 1e4, 1e8]],
    [[0.95, 10.5], 10, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    [[2.03, 2.11], 6, [2.04, 2.06, 2.08, 2.1]],
    [[0.14, 0.3], 5, [0.15, 0.2, 0.25, 0.3]],
  ] as [[number, number], number, number[]][])(
    "cover %j with at most %i round numbers",
    (domain, most, ticks) => {
      expect(logTicks(domain, most)).toEqual(ticks);
    },
  );

  it("are written plainly near one and as powers of ten elsewhere", () => {
    expect(logTickLabels([0.001, 0.02, 1, 5000])).toEqual(["0.001", "0.02", "1", "5000"]);
    expect(logTickLabels([1e-12, 2e-7, 1, 1e4])).toEqual(["10⁻¹²", "2·10⁻⁷", "10⁰", "10⁴"]);
  });
});

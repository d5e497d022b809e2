/* eslint-disable no-control-regex -- escape sequences begin with a control character */
import { describe, expect, it } from "vitest";
import { divergingPalette } from "../../../src/report/figures/diverging-scale.js";
import { fieldPreview, type PreviewFields } from "../../../src/report/terminal/field-preview.js";
import { runPreview } from "../../../src/report/terminal/run-preview.js";
import { LEAST_COLUMNS, type TerminalStyle } from "../../../src/report/terminal/style.js";
import { fieldPixels } from "../../../src/report/terminal/pixels.js";
import { sparkline } from "../../../src/report/terminal/sparkline.js";
import { textColumns } from "../../../src/report/terminal/text.js";
import type { MetricsRow } from "../../../src/runs/metrics-table.js";

const ASCII: TerminalStyle = { columns: 80, colors: "none", unicode: false };
const PLAIN: TerminalStyle = { ...ASCII, unicode: true };
const COLORS: TerminalStyle = { ...PLAIN, colors: "24-bit" };

const SEQUENCES = /\u001b\[[0-9;]*m/g;

/** Columns of a line, its escape sequences apart. */
function columns(line: string): number {
  return textColumns(line.replaceAll(SEQUENCES, ""));
}

/** Three units on the torus 3 × 2, site = 2x + y; the third one is not symmetric. */
const small: PreviewFields = {
  layer: 1,
  units: 3,
  // prettier-ignore
  values: Float64Array.from([
    1, -1,  0, 0.5,  -0.5, 0.1,
    0, 0,  0, 0,  0, 0,
    -0.3, 0.3,  -0.7, 0.7,  0.19, -0.19,
  ]),
  shape: [3, 2],
};

function metrics(count: number): readonly MetricsRow[] {
  return Array.from({ length: count }, (_, k) => ({
    layer: 1,
    epoch: k + 1,
    klPerSpin: k === 0 ? null : 0.5 / (k + 1),
    reconstructionError: 123.4567 - k,
    freeEnergyGap: -1e-7 * k,
    varianceDData: null,
  })) as unknown as readonly MetricsRow[];
}

describe("receptive fields on a terminal", () => {
  it("draws signs without colours: x to the right, y down, one scale about zero for all units", () => {
    expect(fieldPreview(small, ASCII)).toEqual([
      "receptive fields of layer 1, units 0 to 2:",
      "##..--  ......  --==..",
      "==++..  ......  ++##..",
      "= - -1  . 0  + # +1",
      "strong from 60 % of it, weak from 20 %",
    ]);
    expect(fieldPreview(small, PLAIN).slice(1, 4)).toEqual([
      "██··--  ······  --==··",
      "==▒▒··  ······  ▒▒██··",
      "= - −1  · 0  ▒ █ +1",
    ]);
  });

  it("draws half blocks in colours: the upper pixel in front, the lower one behind", () => {
    const [, line, scale] = fieldPreview({ ...small, units: 1, values: small.values.slice(0, 6) }, COLORS);
    const palette = divergingPalette();
    const color = (value: number): string => palette[60 + Math.round(60 * value)].join(";");
    const cell = (upper: number, lower: number): string =>
      `\u001b[38;2;${color(upper)}m\u001b[48;2;${color(lower)}m▀`;
    expect(line).toBe(`${cell(1, -1)}${cell(0, 0.5)}${cell(-0.5, 0.1)}\u001b[0m`);
    const sample = (value: number): string => `${cell(value, value)}\u001b[0m`.repeat(2);
    expect(scale).toBe(`${sample(-1)} −1  ${sample(0)} 0  ${sample(1)} +1`);
  });

  it("leaves the lower half of a last line of odd height empty, and takes coloured spaces without Unicode", () => {
    const odd = { layer: 1, units: 1, values: Float64Array.from([1, -1, 1]), shape: [1, 3] };
    const lines = fieldPreview(odd, COLORS);
    expect(lines[2]).toMatch(/^\u001b\[38;2;\d+;\d+;\d+m\u001b\[49m▀\u001b\[0m$/);
    const spaces = fieldPreview(odd, { ...COLORS, unicode: false, colors: "256" });
    expect(spaces.slice(1, 4).join("")).toMatch(/^(\u001b\[48;5;\d+m {2}\u001b\[0m){3}$/);
    expect(spaces[1]).toBe(spaces[3]);
    expect(spaces[1]).not.toBe(spaces[2]);
  });

  it("takes the nearest of 256 colours, grey where that is nearer", () => {
    const field = { layer: 1, units: 1, values: Float64Array.from([1, 0, -1, 0.4]), shape: [4, 1] };
    const [, line] = fieldPreview(field, { ...COLORS, colors: "256" });
    // (127, 59, 8) → (135, 95, 0); (247, 247, 247) → (255, 255, 255), as near as the grey 238; (5, 48, 97) → (0, 95, 95).
    const codes = [...line.matchAll(/38;5;(\d+)m/g)].map(([, code]) => Number(code));
    expect(codes.slice(0, 3)).toEqual([94, 231, 23]);
  });

  it("averages squares of sites where a field is too wide, cut at the far edges, and says so", () => {
    const values = Float64Array.from({ length: 15 }, (_, site) => site);
    // [5, 3]: x in pairs and a single column, y = 0, 1 and the row of y = 2 alone.
    expect(fieldPixels({ values, shape: [5, 3] }, 2)).toEqual([
      [2, 8, 12.5],
      [3.5, 9.5, 14],
    ]);
    const wide = { layer: 2, units: 9, values: new Float64Array(9 * 1600).fill(0.25), shape: [40, 40] };
    const text = fieldPreview(wide, PLAIN).join("\n");
    expect(text).toContain("1 pixel is the mean of 3 × 3 sites");
    expect(text).toContain("… and 7 more");
    expect(text).toContain("layer 2, units 0 to 1");
    expect(fieldPreview(wide, COLORS).join("\n")).toContain("the mean of 2 × 2 sites");
    expect(fieldPreview(wide, { ...COLORS, columns: 200 }).join("\n")).not.toContain("the mean of");
  });

  it("draws chains as rows, and says it of fields that are all zero", () => {
    const chain = { layer: 1, units: 30, values: new Float64Array(30 * 6), shape: [6] };
    const lines = fieldPreview(chain, ASCII);
    expect(lines.slice(1, 21)).toEqual(Array.from({ length: 20 }, () => "............"));
    expect(lines.slice(21)).toEqual(["... and 10 more", "all values shown are zero"]);
    // Two units to a line.
    expect(fieldPreview(chain, COLORS)).toHaveLength(1 + 15 + 1);
  });
});

describe("sparklines", () => {
  it("span from the least to the greatest, with means where there are more values than room", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 80, PLAIN)).toBe("▁▂▃▄▅▆▇█");
    expect(sparkline([7, 0, NaN, 3.5], 80, ASCII)).toBe("#_ +");
    expect(sparkline([0, 2, 5, 7, NaN, 8], 3, PLAIN)).toBe("▁▆█");
    expect(sparkline([3, 3], 80, PLAIN)).toBe("▁▁");
    expect(sparkline([], 80, PLAIN)).toBe("");
    expect(
      sparkline(
        Array.from({ length: 1000 }, (_, k) => k),
        20,
        PLAIN,
      ),
    ).toHaveLength(20);
  });
});

describe("the preview of a run", () => {
  const layer = { layer: 1, hidden: 3, epochs: 50, metrics: metrics(40) };
  const run = {
    run: "Läufe/漢字 und ein sehr langer Name ohne Sinn",
    status: "running",
    layers: [layer],
    fields: small,
  };
  const styles = ([20, 33, 59, 72, 80, 200] as const).flatMap((width) =>
    (["none", "256", "24-bit"] as const).flatMap((colors) =>
      [true, false].map((unicode): TerminalStyle => ({ columns: width, colors, unicode })),
    ),
  );

  it("has no line longer than the terminal, whatever its style and the lattice", () => {
    for (const style of styles) {
      for (const shape of [[3, 2], [40, 40], [2, 90], [100, 2], [500]]) {
        const sites = shape.reduce((product, side) => product * side, 1);
        const values = Float64Array.from({ length: 12 * sites }, (_, k) => 1e-7 * Math.sin(k));
        const lines = runPreview({ ...run, fields: { layer: 1, units: 12, values, shape } }, style);
        for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(style.columns);
        expect(Math.max(...lines.map(columns))).toBeGreaterThan(style.columns / 4);
      }
    }
    expect(Math.min(...styles.map((style) => style.columns))).toBe(LEAST_COLUMNS);
  });

  it("has escape sequences only in colours and nothing but ASCII without Unicode", () => {
    for (const style of styles) {
      const text = runPreview(run, style).join("\n");
      expect(text.includes("\u001b")).toBe(style.colors !== "none");
      if (!style.unicode) expect(text).toMatch(/^[\u0000-\u007f]*$/);
    }
  });

  it("shows the curves that are known with their first and last value and range", () => {
    const lines = runPreview({ ...run, run: "a", layers: [{ ...layer, metrics: metrics(3) }] }, ASCII);
    expect(lines.slice(0, 5)).toEqual([
      "a: running",
      "layer 1, 3 hidden units, epoch 3 of 50",
      "  KL per spin (nats)    0.25 -> 0.1667 in 0.1667 ... 0.25     #_",
      "  F - F_lambda (nats)   0 -> -2e-7 in -2e-7 ... 0            #+_",
      "  reconstruction error  123.5 -> 121.5 in 121.5 ... 123.5    #+_",
    ]);
  });

  it("says what there is not, and lets no name steer the terminal", () => {
    const begun = { ...layer, metrics: [] };
    const imported = { ...layer, layer: 2, epochs: 0, metrics: metrics(1) };
    const lines = runPreview(
      {
        run: "a\u001b[2J\u0007",
        status: "running",
        layers: [begun, imported],
        fields: "no receptive fields",
      },
      PLAIN,
    );
    expect(lines).toEqual([
      "a?[2J?: running",
      "layer 1, 3 hidden units, no epoch finished",
      "layer 2, 3 hidden units, trained elsewhere",
      "  F − F_λ (nats)        0                                    ▁",
      "  reconstruction error  123.5                                ▁",
      "no receptive fields",
    ]);
  });
});

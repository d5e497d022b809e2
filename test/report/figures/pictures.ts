import { PNG } from "pngjs";
import { expect } from "vitest";
import type { Figure } from "../../../src/report/figures/index.js";

export type Color = readonly [number, number, number];

/** Width and height of a rectangle and its upper left corner; right and bottom are exclusive. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function decode(png: Uint8Array): PNG {
  return PNG.sync.read(Buffer.from(png));
}

export function pixel(image: PNG, x: number, y: number): Color {
  const at = 4 * (y * image.width + x);
  return [image.data[at], image.data[at + 1], image.data[at + 2]];
}

/** The smallest box around the pixels within `region` for which `wanted` holds; null if there are none. */
export function boxOf(image: PNG, wanted: (color: Color) => boolean, region?: Box): Box | null {
  const whole = { left: 0, top: 0, right: image.width, bottom: image.height };
  const { left, top, right, bottom } = region ?? whole;
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (!wanted(pixel(image, x, y))) continue;
      box.left = Math.min(box.left, x);
      box.top = Math.min(box.top, y);
      box.right = Math.max(box.right, x + 1);
      box.bottom = Math.max(box.bottom, y + 1);
    }
  }
  return box.left < Infinity ? box : null;
}

/** The bitmap embedded in a mosaic's SVG and the place of its upper left corner in SVG pixels. */
export function embeddedRaster(svg: string): {
  readonly image: PNG;
  readonly left: number;
  readonly top: number;
} {
  const [, x, y] = /<g transform="translate\((\d+) (\d+)\)">\s*<image/.exec(svg)!;
  const [, dx, dy, width, height, data] =
    /<image x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"[^>]*base64,([^"]+)"/.exec(svg)!;
  const image = decode(Buffer.from(data, "base64"));
  expect([image.width, image.height]).toEqual([Number(width), Number(height)]);
  return { image, left: Number(x) + Number(dx), top: Number(y) + Number(dy) };
}

/** The SVG refers to nothing outside itself, and its PNG has its size times `scale` and more than blank paper. */
export function expectSelfContained({ svg, png }: Figure, scale = 2): void {
  const references = [...svg.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
  for (const reference of references) expect(reference).toMatch(/^(#|data:image\/png;base64,)/);
  expect(svg).not.toMatch(/url\((?!#)|<script|<style|@import|<foreignObject/);
  const image = decode(png);
  const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg)!;
  expect([image.width, image.height]).toEqual([Number(width) * scale, Number(height) * scale]);
  expect(boxOf(image, ([r, g, b]) => r + g + b < 300)).not.toBeNull();
  expect(boxOf(image, ([r, g, b]) => r + g + b > 764)).toEqual({
    left: 0,
    top: 0,
    right: image.width,
    bottom: image.height,
  });
}

/** Every opened element is closed in order, every `&` starts an entity, no attribute occurs twice. */
export function expectWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_match, closing: string, name: string, attributes: string, empty: string) => {
      const names = [...attributes.matchAll(/([\w:-]+)="/g)].map((match) => match[1]);
      expect(new Set(names).size).toBe(names.length);
      if (closing === "/") expect(open.pop()).toBe(name);
      else if (empty === "") open.push(name);
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(svg).not.toMatch(/&(?!(amp|lt|gt|quot|apos|#\d+);)/);
  // eslint-disable-next-line no-control-regex
  expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
}

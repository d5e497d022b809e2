import type * as resvg from "@resvg/resvg-js";
import type { TopLevelSpec } from "vega-lite";
import { DomainError, ResourceError } from "../../errors/index.js";
import type { Figure } from "./figure.js";
import { FONT_NAME, fontPath, textWidth } from "./font.js";
import { stripIllegal } from "./svg.js";

/** PNG pixels per SVG pixel: sharp on high-density screens and at 190 dots per inch on a 9.5-inch page. */
export const PNG_SCALE = 2;

/** The part of vega's text measurement that its type declarations leave out. */
interface VegaTextMetrics {
  readonly textMetrics: {
    width: (item: { readonly fontSize?: number }, text: string | number | null | undefined) => number;
  };
}

/**
 * Draw a Vega-Lite specification as SVG and PNG. Same specification, same bytes. vega is imported on the first call,
 * not at start-up. @throws DomainError for whatever vega warns of, and for data that are not inline: nothing is loaded.
 */
export async function renderVegaLite(spec: TopLevelSpec): Promise<Figure> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  // Without a canvas vega guesses widths, with one it measures whatever font the machine has: both are wrong here.
  (vega as unknown as VegaTextMetrics).textMetrics.width = (item, text) =>
    textWidth(String(text ?? ""), item.fontSize ?? 11);
  const complaints: string[] = [];
  const logger = vega.logger(vega.Warn, undefined, (_method, _level, words) =>
    complaints.push(words.join(" ")),
  );
  const runtime = vega.parse(vegaLite.compile(spec, { logger }).spec);
  const load = () => Promise.reject(new Error("figures draw inline data only"));
  const view = new vega.View(runtime, { renderer: "none", logger, loader: { ...vega.loader(), load } });
  try {
    const svg = renumberClips(stripIllegal(await view.toSVG()));
    if (complaints.length > 0) {
      throw new DomainError(`chart: ${complaints.join("; ")}. Correct the Vega-Lite specification.`);
    }
    return { svg, png: await svgToPng(svg, PNG_SCALE) };
  } finally {
    view.finalize();
  }
}

/**
 * Rasterise an SVG document with the shipped font only, `scale` PNG pixels per SVG pixel; embedded bitmaps are not
 * smoothed. @throws DomainError if the scale is not positive, MissingInputError if the font file is missing, ResourceError
 * where the library that draws cannot be loaded.
 */
export async function svgToPng(svg: string, scale: number): Promise<Uint8Array> {
  if (!(scale > 0 && scale < Infinity)) {
    throw new DomainError(
      `svgToPng: scale ${scale}; expected a positive number of PNG pixels per SVG pixel.`,
    );
  }
  const { Resvg } = await importResvg();
  // On this thread: helper threads keep the memory of every picture they have drawn, some 40 MB each.
  const image = new Resvg(svg, {
    font: { loadSystemFonts: false, fontFiles: [fontPath()], defaultFontFamily: FONT_NAME },
    fitTo: { mode: "zoom", value: scale },
    imageRendering: 1,
    background: "#ffffff",
  });
  return new Uint8Array(image.render().asPng());
}

/** A native library: there is one for most systems, and some need more than a bare one has. */
async function importResvg(): Promise<typeof resvg> {
  try {
    return await import("@resvg/resvg-js");
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new ResourceError(
      `no pictures can be drawn here: ${reason}. Install what is missing, or reinstall on this machine (npm ci); ` +
        "then the same command goes on.",
    );
  }
}

/** vega counts clip paths over the life of the process; count them within the document instead. */
function renumberClips(svg: string): string {
  const names = new Map<string, string>();
  return svg.replace(/(id="|url\(#)(clip\d+)(?=["))])/g, (_match, opening: string, name: string) => {
    const renamed = names.get(name) ?? `clip${names.size + 1}`;
    names.set(name, renamed);
    return opening + renamed;
  });
}

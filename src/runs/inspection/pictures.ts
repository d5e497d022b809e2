import { readText } from "../../io/index.js";
import { withInput } from "../../io/input.js";
import type { FileFacts } from "./inspection.js";

/** Where the header of a PNG has its width and height, 32 bits each, big-endian. */
const PNG_SIZE = 16;
const PNG_HEAD = 24;

/** The size of a picture; a file that only looks like one has no facts. */
export function pngFacts(path: string): FileFacts {
  const head = Buffer.alloc(PNG_HEAD);
  const length = withInput(path, (input) => input.read(head));
  if (length < PNG_HEAD || head.toString("latin1", 1, 4) !== "PNG") return { kind: "file", facts: [] };
  const [width, height] = [head.readUInt32BE(PNG_SIZE), head.readUInt32BE(PNG_SIZE + 4)];
  return { kind: "PNG picture", facts: [["size", `${width} × ${height} pixels`]] };
}

export function svgFacts(path: string): FileFacts {
  const tag = /<svg[^>]*>/.exec(readText(path))?.[0] ?? "";
  const [width, height] = ["width", "height"].map(
    (name) => new RegExp(`\\s${name}="([^"]+)"`).exec(tag)?.[1],
  );
  if (width === undefined || height === undefined) return { kind: "SVG picture", facts: [] };
  return { kind: "SVG picture", facts: [["size", `${width} × ${height}`]] };
}

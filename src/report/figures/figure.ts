/** A finished picture, twice: vector for the screen and the paper, bitmap for everything else. */
export interface Figure {
  /** A complete SVG document without external references. Fonts are named, not embedded. */
  readonly svg: string;
  /** The same picture as a PNG file, drawn with the shipped font. */
  readonly png: Uint8Array;
}

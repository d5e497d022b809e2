import { DataError, DomainError } from "../errors/index.js";

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** Element type as NumPy writes it, for example `<f4`. */
  readonly descr: string;
  /** True if the first index varies fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** `\x93NUMPY`, which opens every .npy file. */
export const NPY_MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

/** NumPy's own limit on the number of axes. */
const MAX_AXES = 64;
/** The data start at a multiple of this. */
const ALIGNMENT = 64;
/** NumPy leaves room for the first axis to grow to this many digits without moving the data. */
const GROWTH_DIGITS = 21;

/**
 * Magic, version 1.0, header length and header of a C-ordered array, byte for byte as NumPy ≥ 1.25 writes them
 * (numpy.lib.format, `_write_array_header` and `_wrap_header`).
 */
export function formatNpyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const growth = shape.length === 0 ? 0 : Math.max(0, GROWTH_DIGITS - String(shape[0]).length);
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }${" ".repeat(growth)}`;
  const preamble = NPY_MAGIC.length + 4;
  // NumPy pads by 1 to 64 spaces, never by none.
  const padding = ALIGNMENT - ((preamble + dictionary.length + 1) % ALIGNMENT);
  const text = `${dictionary}${" ".repeat(padding)}\n`;
  const bytes = new Uint8Array(preamble + text.length);
  bytes.set(NPY_MAGIC);
  bytes.set([1, 0, text.length & 0xff, text.length >> 8], NPY_MAGIC.length);
  bytes.set(Buffer.from(text, "latin1"), preamble);
  return bytes;
}

/**
 * The product of the sides of `shape`; 1 for the empty shape of a scalar, undefined if the product is no exactly
 * representable integer. DomainError for sides that are not whole numbers ≥ 0 and for more than 64 axes.
 */
export function countElements(shape: readonly number[]): number | undefined {
  if (shape.length > MAX_AXES) {
    throw new DomainError(`shape of ${shape.length} axes; at most ${MAX_AXES} are possible.`);
  }
  const wrong = shape.find((side) => !Number.isSafeInteger(side) || side < 0);
  if (wrong !== undefined) {
    throw new DomainError(`shape (${shape.join(", ")}): ${wrong} is not a whole number ≥ 0.`);
  }
  if (shape.includes(0)) return 0;
  const count = shape.reduce((product, side) => product * side, 1);
  return Number.isSafeInteger(count) ? count : undefined;
}

/**
 * Read the header's text, a Python dictionary with the keys descr, fortran_order and shape. Only this dictionary is
 * understood, nothing is evaluated. DataError, naming `origin`, for everything else.
 */
export function parseNpyHeader(text: string, origin: string): NpyHeader {
  return new HeaderReader(text, origin).read();
}

/** Blanks, then a quoted string without escapes, a word, a whole number (Python 2 appended L) or a bracket or comma. */
const TOKEN = /[ \t\r\n]*(?:'([^'\\]*)'|"([^"\\]*)"|([A-Za-z_]+)|(-?\d+)L?|([{}()[\],:]))/y;

type Token =
  | { readonly kind: "string" | "word" | "number" | "mark"; readonly text: string }
  | { readonly kind: "end"; readonly text: "end of the header" };

class HeaderReader {
  #position = 0;

  constructor(
    private readonly text: string,
    private readonly origin: string,
  ) {}

  read(): NpyHeader {
    const found: { descr?: string; fortranOrder?: boolean; shape?: readonly number[] } = {};
    this.#expect("{");
    while (!this.#skip("}")) {
      const key = this.#next();
      this.#expect(":");
      if (key.kind === "string" && key.text === "descr" && found.descr === undefined) {
        found.descr = this.#descr();
      } else if (key.text === "fortran_order" && found.fortranOrder === undefined) {
        found.fortranOrder = this.#boolean();
      } else if (key.text === "shape" && found.shape === undefined) {
        found.shape = this.#shape();
      } else {
        this.#fail(`key "${key.text}" is unknown or occurs twice`);
      }
      if (!this.#skip(",")) {
        this.#expect("}");
        break;
      }
    }
    if (this.#next().kind !== "end") this.#fail("there is more text after the dictionary");
    const { descr, fortranOrder, shape } = found;
    if (descr === undefined || fortranOrder === undefined || shape === undefined) {
      return this.#fail("one of the keys descr, fortran_order and shape is missing");
    }
    return { descr, fortranOrder, shape };
  }

  #descr(): string {
    const token = this.#next();
    if (token.kind === "mark") {
      throw new DataError(
        `${this.origin}: this is a structured array (several fields per element); expected plain numbers. ` +
          `In Python: numpy.save(path, array["field"].astype(numpy.float64)).`,
      );
    }
    return token.kind === "string" ? token.text : this.#fail(`descr is ${token.text}`);
  }

  #boolean(): boolean {
    const { kind, text } = this.#next();
    if (kind === "word" && (text === "True" || text === "False")) return text === "True";
    return this.#fail(`fortran_order is ${text}`);
  }

  #shape(): readonly number[] {
    const shape: number[] = [];
    this.#expect("(");
    while (!this.#skip(")")) {
      shape.push(this.#side());
      if (this.#skip(",")) continue;
      // (3) is a number in Python, (3,) a tuple
      if (shape.length === 1) this.#fail("shape is not a tuple");
      this.#expect(")");
      break;
    }
    if (shape.length > MAX_AXES) this.#fail(`shape has ${shape.length} axes, more than ${MAX_AXES}`);
    return shape;
  }

  #side(): number {
    const { kind, text } = this.#next();
    if (kind !== "number" || !/^(0|[1-9]\d*)$/.test(text)) this.#fail(`shape contains ${text}`);
    const side = Number(text);
    return Number.isSafeInteger(side) ? side : this.#fail(`shape contains ${text}, which is too large`);
  }

  #next(): Token {
    TOKEN.lastIndex = this.#position;
    const match = TOKEN.exec(this.text);
    if (match === null) {
      if (this.text.slice(this.#position).trim() === "") return { kind: "end", text: "end of the header" };
      return this.#fail("no Python literal");
    }
    this.#position = TOKEN.lastIndex;
    const [, single, double, word, number, mark] = match as (string | undefined)[];
    if (word !== undefined) return { kind: "word", text: word };
    if (number !== undefined) return { kind: "number", text: number };
    if (mark !== undefined) return { kind: "mark", text: mark };
    return { kind: "string", text: single ?? double ?? "" };
  }

  /** Step over `mark` if it comes next. */
  #skip(mark: string): boolean {
    const before = this.#position;
    const token = this.#next();
    if (token.kind === "mark" && token.text === mark) return true;
    this.#position = before;
    return false;
  }

  #expect(mark: string): void {
    if (!this.#skip(mark)) this.#fail(`expected "${mark}"`);
  }

  #fail(problem: string): never {
    const excerpt = JSON.stringify(this.text.trim().slice(0, 120));
    throw new DataError(
      `${this.origin}: malformed .npy header at character ${this.#position} of ${excerpt}: ${problem}. ` +
        "Write the file again with numpy.save(path, array).",
    );
  }
}

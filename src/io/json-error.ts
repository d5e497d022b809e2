/** Blanks, then a mark, a string, a number or a name. */
const TOKEN =
  // eslint-disable-next-line no-control-regex -- JSON forbids exactly these characters inside strings
  /[ \t\n\r]*(?:([{}[\],:])|("[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*")|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w))/y;

/** What may come next. */
type Expectation = "value" | "value or ]" | "key" | "key or }" | ":" | ", or close" | "end";

/**
 * Where the first token that RFC 8259 does not allow begins, as an offset into `text`; the text's length if it breaks
 * off. Only called on text that JSON.parse has refused: engines disagree on whether their message says where.
 */
export function jsonErrorOffset(text: string): number {
  const open: string[] = [];
  let expected: Expectation = "value";
  let offset = 0;
  for (;;) {
    TOKEN.lastIndex = offset;
    const match: RegExpExecArray | null = TOKEN.exec(text);
    const next: Expectation | undefined = match === null ? undefined : step(expected, tokenKind(match), open);
    if (next === undefined) return offset + leadingBlanks(text, offset);
    expected = next;
    offset = TOKEN.lastIndex;
  }
}

function tokenKind(match: RegExpExecArray): string {
  const [, mark, string] = match as (string | undefined)[];
  return mark ?? (string === undefined ? "scalar" : "string");
}

/** What to expect after a token of this kind, `open` being the brackets not yet closed; undefined if it is wrong. */
function step(expected: Expectation, kind: string, open: string[]): Expectation | undefined {
  const afterValue = (): Expectation => (open.length === 0 ? "end" : ", or close");
  if (expected === ":") return kind === ":" ? "value" : undefined;
  if (expected === "end") return undefined;
  if (expected === ", or close" && kind === ",") return open.at(-1) === "{" ? "key" : "value";
  const mayClose = expected === ", or close" || expected === "key or }" || expected === "value or ]";
  if (mayClose && kind === (open.at(-1) === "{" ? "}" : "]")) {
    open.pop();
    return afterValue();
  }
  if (expected === ", or close") return undefined;
  if (expected === "key" || expected === "key or }") return kind === "string" ? ":" : undefined;
  if (kind === "{" || kind === "[") {
    open.push(kind);
    return kind === "{" ? "key or }" : "value or ]";
  }
  return kind === "string" || kind === "scalar" ? afterValue() : undefined;
}

function leadingBlanks(text: string, offset: number): number {
  let blanks = 0;
  while (" \t\n\r".includes(text[offset + blanks] ?? "x")) blanks++;
  return blanks;
}

import { significant } from "../../statistics/number-text.js";
import type { TerminalStyle } from "./style.js";

/** Signs of this program's texts that ASCII lacks. */
const ASCII: Readonly<Record<string, string>> = {
  "–": "-",
  "−": "-",
  "…": "...",
  "→": "->",
  "×": "x",
  "±": "+-",
  λ: "lambda",
  "²": "^2",
};

/** Characters that take two columns: those of East Asian scripts, and emoji. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]$/u;

/** Columns that a text without escape sequences takes. */
export function textColumns(text: string): number {
  let columns = 0;
  for (const character of text) columns += /^\p{M}$/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}

/** A text as the terminal can show it: control characters, which could steer it, and what it lacks become "?". */
export function shownText(text: string, { unicode }: TerminalStyle): string {
  const safe = text.replaceAll(/\p{C}/gu, "?");
  return unicode ? safe : safe.replaceAll(/\P{ASCII}/gu, (character) => ASCII[character] ?? "?");
}

/** A text as the terminal can show it, broken at its spaces, or where there is none, into lines that fit. */
export function wrappedText(text: string, style: TerminalStyle, indent = ""): readonly string[] {
  const room = style.columns - indent.length;
  const lines: string[] = [];
  let line = "";
  for (const word of shownText(text, style)
    .split(" ")
    .flatMap((each) => pieces(each, room))) {
    if (line !== "" && textColumns(line) + 1 + textColumns(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each) => `${indent}${each}`.trimEnd());
}

/** A word in parts of at most so many columns. */
function pieces(word: string, room: number): readonly string[] {
  const parts = [""];
  for (const character of word) {
    const last = parts.length - 1;
    if (textColumns(parts[last] + character) > room) parts.push(character);
    else parts[last] += character;
  }
  return parts;
}

/** Four significant digits. */
export function shortNumber(value: number): string {
  return significant(value, 4);
}

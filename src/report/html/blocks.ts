import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseCsv, readText } from "../../io/index.js";
import { shellWord } from "../../io/shell-word.js";
import { columnMeanings } from "../../runs/inspection/column-meanings.js";
import { fileKind } from "../../runs/inspection/file-kinds.js";
import { escapeHtml } from "./page.js";

/** Rows of a table that a page shows; the file holds all of them. */
const SHOWN_ROWS = 40;

/** Significant digits on a page; the file holds all of them. */
const DIGITS = 6;

/** Names and values, a row each. */
export function factsTable(facts: readonly (readonly [name: string, value: string])[]): string {
  const rows = facts.map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<table class="facts">${rows.join("\n")}</table>`;
}

/** A command line to copy. */
export function commandBlock(words: readonly string[]): string {
  return `<pre><code>${escapeHtml(words.map(shellWord).join(" "))}</code></pre>`;
}

/** Text that is shown when asked for. */
export function foldedText(title: string, text: string): string {
  return `<details><summary>${escapeHtml(title)}</summary><pre>${escapeHtml(text)}</pre></details>`;
}

/**
 * The first rows of a CSV file with what its columns mean; empty where there is no such file. A table of one row is shown
 * upright, a column a line.
 */
export function csvTable(folder: string, file: string): string {
  const path = join(folder, file);
  if (!existsSync(path)) return "";
  const { columns, rows } = parseCsv(readText(path), path);
  const table = fileKind(basename(folder), file)?.table ?? "";
  const meanings = new Map(columnMeanings(columns, table));
  const used = columns.filter((column) => rows.some((row) => row[column] !== ""));
  const caption = fileKind(basename(folder), file)?.meaning ?? "";
  const more = rows.length > SHOWN_ROWS ? ` The first ${SHOWN_ROWS} of ${rows.length} rows.` : "";
  const heading = `<caption>${escapeHtml(`${file}: ${caption}${more}`)}</caption>`;
  const body =
    rows.length === 1
      ? uprightRows(used, rows[0], meanings)
      : [
          `<tr>${used.map((name) => `<th scope="col" title="${escapeHtml(meanings.get(name) ?? name)}">${escapeHtml(name)}</th>`).join("")}</tr>`,
          ...rows
            .slice(0, SHOWN_ROWS)
            .map((row) => `<tr>${used.map((column) => cell(row[column])).join("")}</tr>`),
        ];
  return `<div class="wide"><table>${heading}\n${body.join("\n")}</table></div>`;
}

function uprightRows(
  columns: readonly string[],
  row: Readonly<Record<string, string>>,
  meanings: ReadonlyMap<string, string>,
): readonly string[] {
  return columns.map(
    (column) =>
      `<tr><th scope="row">${escapeHtml(column)}</th>${cell(row[column])}<td>${escapeHtml(meanings.get(column) ?? "")}</td></tr>`,
  );
}

/** A field; long decimals are rounded for the eye. */
function cell(text: string): string {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value)) return `<td>${escapeHtml(text)}</td>`;
  const shown = Number.isInteger(value) ? text : String(Number(value.toPrecision(DIGITS)));
  return `<td class="number">${escapeHtml(shown)}</td>`;
}

/** Every figure of a folder as pictures inside the page, in alphabetical order. */
export function figures(folder: string): string {
  const path = join(folder, "figures");
  if (!existsSync(path)) return "";
  const names = readdirSync(path).filter((name) => name.endsWith(".svg"));
  return names
    .sort()
    .map((name) => figure(readFileSync(join(path, name), "utf8"), name.replace(/\.svg$/, "")))
    .join("\n");
}

/** An SVG as a picture of its own: inlined, the names inside several of them would clash. */
function figure(svg: string, name: string): string {
  const alt = /<title>([^<]*)<\/title>/.exec(svg)?.[1] ?? escapeHtml(name);
  const data = Buffer.from(svg).toString("base64");
  return (
    `<figure><img alt="${alt}" src="data:image/svg+xml;base64,${data}">` +
    `<figcaption>${escapeHtml(name)}; data in figures/${escapeHtml(name)}.csv</figcaption></figure>`
  );
}

/** Seconds as people say them. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A name and its value, for people. */
export type Fact = readonly [name: string, value: string];

/** What something on disk is: its kind, its facts in reading order, and what it means. */
export interface Inspection {
  readonly kind: string;
  readonly facts: readonly Fact[];
  readonly meaning: string;
  /** What the columns of a table hold, as far as they are known. */
  readonly columns?: readonly Fact[];
}

/** What a format says of a file. */
export type FileFacts = Pick<Inspection, "kind" | "facts" | "columns">;

/** Longest list of values that is shown whole. */
const MAX_LIST = 24;

/** Nested values as `a.b: value` lines; empty values are left out, long lists are counted. */
export function flatten(value: object, prefix = ""): readonly Fact[] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]): readonly Fact[] => {
    if (entry === null || entry === undefined) return [];
    if (Array.isArray(entry)) {
      return [[`${prefix}${key}`, key === "command" ? commandLine(entry) : listed(entry)]];
    }
    return typeof entry === "object"
      ? flatten(entry, `${prefix}${key}.`)
      : [[`${prefix}${key}`, text(entry)]];
  });
}

/** The first entries of a long list, and how many there are. */
export function shortList(names: readonly string[]): string {
  return names.length > MAX_LIST ? `${names.slice(0, 8).join(", ")}, … (${names.length})` : names.join(", ");
}

function listed(values: readonly unknown[]): string {
  return values.length === 0
    ? "none"
    : shortList(values.map((item) => (typeof item === "object" ? JSON.stringify(item) : text(item))));
}

/** Words of a command, quoted where one could be taken for two. */
function commandLine(words: readonly unknown[]): string {
  return words.map((word) => (/^[^\s"'\\]+$/.test(text(word)) ? text(word) : JSON.stringify(word))).join(" ");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

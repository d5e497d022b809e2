// What the tests have reached of src, in their own processes and in those they started: lines and branches of each layer, and
// of all but the command line. Fails below the bounds. Reads coverage/raw and the source maps of dist, writes coverage/files.csv.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { mergeScriptCovs } from "@bcoe/v8-coverage";
import { convert } from "ast-v8-to-istanbul";
import istanbul from "istanbul-lib-coverage";
import { parseAst } from "vitest/node";

/** Percent of lines and of branches that must be reached: of each of these layers, and of all outside of cli together. */
const LEAST = 90;
const core = ["statistics", "random", "kernels", "io", "ising", "rbm", "analysis"];

const root = fileURLToPath(new URL("..", import.meta.url));
const [dist, raw] = [join(root, "dist"), join(root, "coverage", "raw")];

/** How often each function and block of each built file was run, in all processes together. */
function reached() {
  const scripts = new Map();
  const prefix = pathToFileURL(dist).href;
  for (const name of readdirSync(raw)) {
    for (const script of scriptsIn(readFileSync(join(raw, name), "utf8"))) {
      if (!script.url.startsWith(prefix)) continue;
      const { href } = Object.assign(new URL(script.url), { search: "", hash: "" });
      const before = scripts.get(href);
      scripts.set(href, before === undefined ? script : mergeScriptCovs([before, script]));
    }
  }
  return scripts;
}

/** What one process has left; nothing if it was killed while it wrote. */
function scriptsIn(text) {
  try {
    return JSON.parse(text).result;
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** The coverage of what no process has loaded. */
function nothing(url, code) {
  const ranges = [{ startOffset: 0, endOffset: code.length, count: 0 }];
  return { scriptId: "", url, functions: [{ functionName: "", isBlockCoverage: true, ranges }] };
}

const scripts = reached();
const map = istanbul.createCoverageMap({});
for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".js")) continue;
  const path = join(dist, name);
  const url = pathToFileURL(path).href;
  const code = readFileSync(path, "utf8");
  const sourceMap = JSON.parse(readFileSync(`${path}.map`, "utf8"));
  const coverage = scripts.get(url) ?? nothing(url, code);
  map.merge(await convert({ ast: parseAst(code), code, wrapperLength: 0, coverage, sourceMap }));
}

const files = map
  .files()
  .sort()
  .map((file) => {
    const coverage = map.fileCoverageFor(file);
    const { lines, branches } = coverage.toSummary();
    const name = file.slice(join(root, "src/").length);
    const layer = name.includes("/") ? name.split("/")[0] : "index";
    return { name, layer, lines, branches, missed: coverage.getUncoveredLines() };
  });

const percent = ({ covered, total }) => (total === 0 ? 100 : (100 * covered) / total);
const sum = (kind, group) => ({
  covered: group.reduce((all, file) => all + file[kind].covered, 0),
  total: group.reduce((all, file) => all + file[kind].total, 0),
});
const summary = (name, group) => ({ name, lines: sum("lines", group), branches: sum("branches", group) });

const layers = [...new Set(files.map(({ layer }) => layer))].map((layer) =>
  summary(
    layer,
    files.filter((file) => file.layer === layer),
  ),
);
const whole = summary(
  "all but cli",
  files.filter(({ layer }) => layer !== "cli"),
);
for (const { name, lines, branches } of [...layers, whole]) {
  console.log(
    `${name.padEnd(12)} lines ${percent(lines).toFixed(1)} %, branches ${percent(branches).toFixed(1)} %`,
  );
}
const rows = files.map(({ name, lines, branches, missed }) =>
  [
    name,
    percent(lines).toFixed(1),
    percent(branches).toFixed(1),
    branches.total - branches.covered,
    missed.join(" "),
  ].join(","),
);
writeFileSync(
  join(root, "coverage", "files.csv"),
  `file,lines,branches,branches_missed,lines_missed\n${rows.join("\n")}\n`,
);
const low = [...layers.filter(({ name }) => core.includes(name)), whole].filter(
  ({ lines, branches }) => percent(lines) < LEAST || percent(branches) < LEAST,
);
if (low.length > 0) {
  console.error(`Below ${LEAST} %: ${low.map(({ name }) => name).join(", ")}; see coverage/files.csv.`);
  process.exitCode = 1;
}

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inFolder, rbmRg } from "./run.js";

/** A browser on this machine that can work without a screen; null without one. */
const browser =
  ["chromium", "chromium-browser", "google-chrome", "chrome"].find(
    (name) => spawnSync(name, ["--version"]).status === 0,
  ) ?? null;

/** What the browser makes of a page at the width of a phone, and what it complains of on its console. */
function visit(page: string, ...flags: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    browser!,
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--window-size=390,844",
      "--enable-logging=stderr",
      ...flags,
      "--dump-dom",
      `file://${page}`,
    ],
    { encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  return { status, dom: stdout, console: stderr.split("\n").filter((line) => line.includes("CONSOLE")) };
}

/** The width of a phone's screen, CSS pixels. */
const PHONE = 390;

/**
 * How wide the content of a page is on a screen as wide as a phone's. A page around it looks: what it shows is put into a
 * frame, from the same text, as files may not look into each other.
 */
function contentWidth(folder: string, page: string): number {
  const around = join(folder, "around.html");
  const text = JSON.stringify(readFileSync(page, "utf8")).replaceAll("<", "\\u003c");
  writeFileSync(
    around,
    `<!doctype html><iframe style="width:${PHONE}px;height:800px;border:0"></iframe><p id="width"></p><script>
const frame = document.querySelector("iframe");
frame.onload = () => {
  document.getElementById("width").textContent = "width " + frame.contentDocument.documentElement.scrollWidth;
};
frame.srcdoc = ${text};
</script>`,
  );
  const { dom } = visit(around, "--virtual-time-budget=5000");
  return Number(/<p id="width">width (\d+)<\/p>/.exec(dom)?.[1]);
}

it.skipIf(browser === null)("a browser shows report.html without a complaint, light and dark", () => {
  inFolder((folder) => {
    const train = ["train", "-q", "-L", "6", "-K", "0.4", "-n", "200", "--hidden", "4", "--epochs", "1"];
    expect(rbmRg(folder, ...train, "-o", "run").status).toBe(0);
    expect(rbmRg(folder, "report", "-q", "run").status).toBe(0);
    for (const flags of [[], ["--blink-settings=preferredColorScheme=0"]]) {
      const { status, dom, console } = visit(join(folder, "run", "report.html"), ...flags);
      expect(status).toBe(0);
      expect(console).toEqual([]);
      expect(dom).toContain("<h2>What was run</h2>");
    }
    const page = join(folder, "run", "report.html");
    expect(readFileSync(page, "utf8")).not.toMatch(/(src|href)="?(?!data:|#)[a-z]+:/);
    expect(contentWidth(folder, page)).toBeLessThanOrEqual(PHONE);
  });
});

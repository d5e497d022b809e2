import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandBlock, csvTable, durationText, factsTable, figures } from "../../src/report/html/blocks.js";
import { escapeHtml, htmlDocument } from "../../src/report/html/page.js";

function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("a page", () => {
  const page = htmlDocument({
    title: 'a <b> & "c"',
    lead: "lead",
    sections: [{ title: "one", html: "<p>text</p>" }],
  });

  it("needs no other file and allows no request", () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(page).toContain("default-src 'none'; img-src data:");
    expect(page).toContain("@media (prefers-color-scheme: dark)");
    expect(page).not.toMatch(/<script|https?:|url\(|@import|<link rel="stylesheet"/);
  });

  it("has text escaped and sections under headings", () => {
    expect(page).toContain("<title>a &lt;b&gt; &amp; &quot;c&quot;</title>");
    expect(page).toContain("<h2>one</h2>\n<p>text</p>");
    expect(escapeHtml("a\u0000b\u0007\ud800c")).toBe("abc");
  });
});

describe("the blocks", () => {
  it("show the first rows of a table, rounded, without empty columns, and say how many there are", () => {
    inFolder((folder) => {
      const rows = Array.from({ length: 50 }, (_, k) => `${k + 1},0.123456789,,<x>`);
      writeFileSync(join(folder, "metrics.csv"), `epoch,weight_rms,kl_per_spin,name\n${rows.join("\n")}\n`);
      const html = csvTable(folder, "metrics.csv");
      expect(html.match(/<tr>/g)).toHaveLength(41);
      expect(html).toContain("The first 40 of 50 rows.");
      expect(html).toContain('<td class="number">0.123457</td>');
      expect(html).toContain("<td>&lt;x&gt;</td>");
      expect(html).not.toContain("kl_per_spin");
      expect(html).toContain('title="root mean square of the weights"');
      expect(csvTable(folder, "nothing.csv")).toBe("");
      writeFileSync(join(folder, "summary.csv"), "seed,l1\n7,0.01\n");
      expect(csvTable(folder, "summary.csv")).toContain(
        '<tr><th scope="row">l1</th><td class="number">0.01</td><td>L1 penalty x·Σ|W|</td></tr>',
      );
    });
  });

  it("hold every figure as a picture of its own, with its title", () => {
    inFolder((folder) => {
      expect(figures(folder)).toBe("");
      mkdirSync(join(folder, "figures"));
      const svg = "<svg><title>A &amp; B</title></svg>";
      writeFileSync(join(folder, "figures", "b.svg"), svg);
      writeFileSync(join(folder, "figures", "a.svg"), "<svg></svg>");
      writeFileSync(join(folder, "figures", "a.png"), "");
      const html = figures(folder);
      expect(html.match(/<figure>/g)).toHaveLength(2);
      expect(html.indexOf("figures/a.csv")).toBeLessThan(html.indexOf("figures/b.csv"));
      expect(html).toContain(
        `<img alt="A &amp; B" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`,
      );
    });
  });

  it("quote commands for a shell, and durations for people", () => {
    expect(commandBlock(["rbm-rg", "train", "--set", "analyses=[fields]", "it's"])).toBe(
      String.raw`<pre><code>rbm-rg train --set 'analyses=[fields]' 'it'\''s'</code></pre>`,
    );
    expect([0.25, 59, 60, 150, 3600, 4000].map(durationText)).toEqual([
      "0.25 s",
      "59 s",
      "1 min",
      "3 min",
      "1 h 0 min",
      "1 h 7 min",
    ]);
    expect(factsTable([["a", "<1>"]])).toContain('<tr><th scope="row">a</th><td>&lt;1&gt;</td></tr>');
  });
});

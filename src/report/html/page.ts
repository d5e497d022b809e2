/** A part of a page under its own heading; `html` is markup already. */
export interface PageSection {
  readonly title: string;
  readonly html: string;
}

/** A whole page. */
export interface Page {
  readonly title: string;
  /** What it is about, in a line. */
  readonly lead: string;
  readonly sections: readonly PageSection[];
}

/** Text as HTML, in elements and in attributes. Control characters that HTML does not allow are left out. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Colours for light and dark, one column that fits a phone; wide tables scroll by themselves, figures keep their white ground. */
const STYLE = `
:root { color-scheme: light dark; --ink: #1b1b1b; --faded: #5a5a5a; --paper: #ffffff; --line: #d5d5d5; --shade: #f4f4f4; --link: #005a9c;
  --yes: #00664a; --no: #a33f00; --undecided: #5a5a5a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --faded: #b0b0b0; --paper: #161616; --line: #444444; --shade: #242424; --link: #7ab8ff;
    --yes: #5fd3a8; --no: #ff9a5c; --undecided: #b0b0b0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "DejaVu Sans", Verdana, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--line); padding-bottom: 0.25rem; }
p.lead { color: var(--faded); margin-top: 0; }
a { color: var(--link); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; margin: 0.5rem 0; }
caption { text-align: left; color: var(--faded); padding: 0.25rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.6rem; border-bottom: 1px solid var(--line); }
.facts td { overflow-wrap: anywhere; }
td.number { text-align: right; white-space: nowrap; }
th { background: var(--shade); font-weight: 600; }
pre { background: var(--shade); padding: 0.75rem; overflow-x: auto; font-size: 0.875rem; border-radius: 4px; }
figure { margin: 1rem 0; }
figure img { display: block; max-width: 100%; height: auto; background: #ffffff; border-radius: 4px; }
figcaption { color: var(--faded); font-size: 0.875rem; }
.verdict { font-weight: 700; }
.yes { color: var(--yes); } .no { color: var(--no); } .undecided { color: var(--undecided); }
li.claim { margin-bottom: 0.75rem; }
details > summary { cursor: pointer; }
`;

/**
 * The page as one HTML document that needs no other file: style and pictures are inside, scripts there are none, and its own
 * policy forbids every request.
 */
export function htmlDocument({ title, lead, sections }: Page): string {
  const body = sections.map(
    (section) => `<section>\n<h2>${escapeHtml(section.title)}</h2>\n${section.html}\n</section>`,
  );
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    '<link rel="icon" href="data:,">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    "<main>",
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="lead">${escapeHtml(lead)}</p>`,
    ...body,
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

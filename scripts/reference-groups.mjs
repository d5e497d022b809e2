// A plugin of typedoc for the reference of the library: groups what src/index.ts exports by its headings, in their order,
// lists it all at the top, and writes names that are keys of a table as the names they are.
import { readFileSync } from "node:fs";
import {
  Application,
  CommentTag,
  Converter,
  LiteralType,
  PageEvent,
  ReflectionKind,
  UnionType,
} from "typedoc";

const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");

/** The heading above each exported name. */
const groupOf = new Map(
  index
    .split(/^\/\/ ## /m)
    .slice(1)
    .flatMap((section) => {
      const [heading, ...lines] = section.split("\n");
      const names = [...lines.join("\n").matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) =>
        list.match(/[^\s,][^,]*/g),
      );
      return names.map((name) => [
        name
          .trim()
          .replace(/^type /, "")
          .replace(/^.* as /, ""),
        heading,
      ]);
    }),
);

export function load(app) {
  app.on(Application.EVENT_BOOTSTRAP_END, () => {
    app.options.setValue("groupOrder", [...new Set(groupOf.values())]);
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    const { project } = context;
    const order = [...groupOf.keys()];
    project.children.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
    for (const child of project.children) {
      const group = groupOf.get(child.name);
      if (group === undefined) throw new Error(`src/index.ts exports ${child.name} under no heading.`);
      for (const { comment } of child.signatures ?? [child]) {
        comment?.blockTags.push(new CommentTag("@group", [{ kind: "text", text: group }]));
      }
      if (child.kindOf(ReflectionKind.TypeAlias)) writeOut(child, context);
    }
  });
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = withContents(page.contents)
      .replaceAll(/<a id="property-[^"]*"><\/a> /g, "")
      .replaceAll("| `undefined` |", "| |")
      .replaceAll(/ +$/gm, "");
  });
}

/** `keyof typeof table` and `(typeof names)[number]` as a union of texts. */
function writeOut(alias, context) {
  if (!["typeOperator", "indexedAccess"].includes(alias.type.type)) return;
  const declared = context.programs[0]
    .getTypeChecker()
    .getDeclaredTypeOfSymbol(context.getSymbolFromReflection(alias));
  const members = declared.isUnion() ? declared.types : [declared];
  if (!members.every((member) => member.isStringLiteral())) return;
  alias.type = new UnionType(members.map(({ value }) => new LiteralType(value)));
}

/** The page with a list of all its names before the first group: a line for each group, a link for each name. */
function withContents(page) {
  const groups = [];
  const pattern = /^## (?<group>.+)$|^<a id="(?<id>[^"]+)"><\/a>\n\n### (?<name>.+)$/gm;
  for (const { groups: found } of page.matchAll(pattern)) {
    if (found.group !== undefined) groups.push({ name: found.group, links: [] });
    else groups.at(-1).links.push(`[\`${plainName(found.name)}\`](#${found.id})`);
  }
  const lines = groups.map(({ name, links }) => `- [${name}](#${anchorOf(name)}): ${links.join(", ")}`);
  const anchored = page.replaceAll(
    /^## (.+)$/gm,
    (heading, name) => `<a id="${anchorOf(name)}"></a>\n\n${heading}`,
  );
  return anchored.replace(/(?=<a id)/, `${lines.join("\n")}\n\n`);
}

/** A heading without what it says beside the name: `abstract RbmRgError`, `LatticeState\<T\>`. */
function plainName(heading) {
  return heading
    .replace(/^`?abstract`? /, "")
    .replace(/\\<.*$/, "")
    .replace(/\?$/, "");
}

function anchorOf(group) {
  return `group-${group.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
}

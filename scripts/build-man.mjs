import { mkdirSync, writeFileSync } from "node:fs";
import { commandTree } from "../dist/cli/command-tree.js";
import { manPage } from "../dist/cli/man-page.js";
import { VERSION } from "../dist/runs/version.js";

// The manual page, from the commands of the built program.
mkdirSync(new URL("../dist/man", import.meta.url), { recursive: true });
writeFileSync(new URL("../dist/man/rbm-rg.1", import.meta.url), manPage(await commandTree(), VERSION));

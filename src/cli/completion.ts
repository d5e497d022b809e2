import { type Command } from "commander";
import { UsageError } from "../errors/index.js";
import { addCommonOptions } from "./options.js";
import { print } from "./output.js";

/** Shells whose completion can be printed. */
export const shells = ["bash", "zsh", "fish"] as const;

const examples = `Examples:
  eval "$(rbm-rg completion bash)"                                          # in ~/.bashrc
  rbm-rg completion bash > ~/.local/share/bash-completion/completions/rbm-rg
  rbm-rg completion zsh > "\${fpath[1]}/_rbm-rg"
  rbm-rg completion fish > ~/.config/fish/completions/rbm-rg.fish
`;

/** `rbm-rg completion`: a script that teaches a shell the commands, flags and names of this version. */
export function configureCompletion(command: Command): void {
  command.argument("<shell>", shells.join(", ")).addHelpText("before", examples);
  addCommonOptions(command, false);
  command.action(async (shell: string) => {
    const { commandTree } = await import("./command-tree.js");
    const { bashCompletion, fishCompletion, zshCompletion } = await import("./completion-scripts.js");
    const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
    const known = shells.find((name) => name === shell);
    if (known === undefined)
      throw new UsageError(`no completion for "${shell}"; known: ${shells.join(", ")}.`);
    print(scripts[known](await commandTree()));
  });
}

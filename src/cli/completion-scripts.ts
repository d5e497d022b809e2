import type { CommandNode, FlagNode } from "./command-tree.js";

/** A command and all below it. */
function allNodes(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.subcommands.flatMap(allNodes)];
}

/** The words that call a command, as one: `sweep run`; empty for the program. */
function keyOf({ path }: CommandNode): string {
  return path.join(" ");
}

function namesOf(flag: FlagNode): readonly string[] {
  return [flag.short, flag.long].filter((name): name is string => name !== null);
}

/** What may stand where a command or an argument is expected; empty where that is a path. */
function wordsAfter(node: CommandNode): readonly string[] {
  return node.subcommands.length > 0 ? node.subcommands.map(({ path }) => path.at(-1)!) : node.values;
}

/** Whether a value follows each of the words, as in `train.l1=`, so that no space should. */
function areKeys(words: readonly string[]): boolean {
  return words.length > 0 && words.every((word) => word.endsWith("="));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** `case` lines that follow the words of a command line from command to command. */
function walk(root: CommandNode): string {
  return allNodes(root)
    .flatMap((node) => node.subcommands)
    .map((node) => {
      const parent = node.path.slice(0, -1).join(" ");
      return `      ${quoted(`${parent}/${node.path.at(-1)!}`)}) key=${quoted(keyOf(node))} ;;`;
    })
    .join("\n");
}

/** `case` lines for the flags that take a value: a list of names where there is one, else what `path` says. */
function valueCases(root: CommandNode, names: (values: readonly string[]) => string, path: string): string {
  return allNodes(root)
    .flatMap((node) => node.flags.filter(({ takesValue }) => takesValue).map((flag) => ({ node, flag })))
    .map(({ node, flag }) => {
      const patterns = namesOf(flag).map((name) => quoted(`${keyOf(node)} ${name}`));
      return `    ${patterns.join("|")}) ${flag.values.length > 0 ? names(flag.values) : path}; return ;;`;
    })
    .join("\n");
}

/** Completion for bash 3.2 and later: where no name is expected, bash completes paths. */
export function bashCompletion(root: CommandNode): string {
  const reply = (words: readonly string[]): string =>
    `COMPREPLY=($(compgen -W ${quoted(words.join(" "))} -- "$cur"))` +
    // bash before 4 has no compopt: there the space stays.
    (areKeys(words) ? "; compopt -o nospace 2>/dev/null" : "");
  const nodes = allNodes(root);
  const flags = nodes.map((node) => {
    const names = [...node.flags.flatMap(namesOf)];
    return `      ${quoted(keyOf(node))}) ${reply(names)} ;;`;
  });
  const words = nodes
    .filter((node) => wordsAfter(node).length > 0)
    .map((node) => `    ${quoted(keyOf(node))}) ${reply(wordsAfter(node))} ;;`);
  return `# bash completion of rbm-rg; made by: rbm-rg completion bash
_rbm_rg() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" key='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$key/\${COMP_WORDS[i]}" in
${walk(root)}
    esac
  done
  case "$key $prev" in
${valueCases(root, reply, ":")}
  esac
  if [[ "$cur" == -* ]]; then
    case "$key" in
${flags.join("\n")}
    esac
    return
  fi
  case "$key" in
${words.join("\n")}
  esac
}
complete -o bashdefault -o default -F _rbm_rg rbm-rg
`;
}

/** Completion for zsh, with descriptions. */
export function zshCompletion(root: CommandNode): string {
  const list = (entries: readonly (readonly [name: string, description: string])[]): string =>
    `list=(${entries.map(([name, text]) => quoted(`${name.replaceAll(":", "\\:")}:${text}`)).join(" ")})`;
  const nodes = allNodes(root);
  const flags = nodes.map((node) => {
    const entries = node.flags.flatMap((flag) =>
      namesOf(flag).map((name) => [name, flag.description] as const),
    );
    return `      ${quoted(keyOf(node))}) ${list(entries)} ;;`;
  });
  const words = nodes
    .filter((node) => wordsAfter(node).length > 0)
    .map((node) => {
      const entries =
        node.subcommands.length > 0
          ? node.subcommands.map(({ path, description }) => [path.at(-1)!, description] as const)
          : node.values.map((name) => [name, ""] as const);
      return `    ${quoted(keyOf(node))}) ${list(entries)}; _describe 'argument' list; return ;;`;
    });
  const add = (values: readonly string[]): string =>
    `compadd ${areKeys(values) ? "-S '' " : ""}-- ${values.map(quoted).join(" ")}`;
  return `#compdef rbm-rg
# zsh completion of rbm-rg; made by: rbm-rg completion zsh
_rbm_rg() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}" key='' i
  local -a list
  for ((i = 2; i < CURRENT; i++)); do
    case "$key/\${words[i]}" in
${walk(root)}
    esac
  done
  case "$key $prev" in
${valueCases(root, add, "_files")}
  esac
  if [[ "$cur" == -* ]]; then
    case "$key" in
${flags.join("\n")}
    esac
    _describe -o 'option' list
    return
  fi
  case "$key" in
${words.join("\n")}
  esac
  _files
}
if [[ "$funcstack[1]" == _rbm-rg ]]; then _rbm_rg "$@"; else compdef _rbm_rg rbm-rg; fi
`;
}

/** Completion for fish, with descriptions. */
export function fishCompletion(root: CommandNode): string {
  const lines = allNodes(root).flatMap((node) => {
    const where = conditionOf(node);
    const words = wordsAfter(node);
    const subcommands = node.subcommands.map(
      ({ path, description }) => `${where} -f -a ${quoted(path.at(-1)!)} -d ${fishQuoted(description)}`,
    );
    const names =
      node.subcommands.length > 0 || words.length === 0 ? [] : [`${where} -f -a ${quoted(words.join(" "))}`];
    return [...subcommands, ...names, ...node.flags.map((flag) => `${where} ${fishFlag(flag)}`)];
  });
  return `# fish completion of rbm-rg; made by: rbm-rg completion fish\n${lines.join("\n")}\n`;
}

/** When a line of fish's applies: after all the words of the command, and before any of its subcommands. */
function conditionOf({ path, subcommands }: CommandNode): string {
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const next = subcommands.map((sub) => sub.path.at(-1)!).join(" ");
  const conditions = next === "" ? seen : [...seen, `not __fish_seen_subcommand_from ${next}`];
  return `complete -c rbm-rg -n ${quoted(conditions.join("; and "))}`;
}

function fishFlag({ short, long, description, takesValue, values }: FlagNode): string {
  return [
    ...(short === null ? [] : [`-s ${short.slice(1)}`]),
    ...(long === null ? [] : [`-l ${long.slice(2)}`]),
    ...(takesValue ? (values.length > 0 ? ["-x", "-a", quoted(values.join(" "))] : ["-r"]) : []),
    `-d ${fishQuoted(description)}`,
  ].join(" ");
}

/** In single quotes fish knows \\' and \\\\. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

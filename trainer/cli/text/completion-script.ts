/** Shells that a script is written for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A command by its path, such as `/job/post`, and the words that may follow it. */
export interface Place {
  readonly path: string;
  readonly words: readonly string[];
}

/** Writes a shell's completion script. Where no word fits, the shell completes file names. */
export function completionScript(shell: Shell, places: readonly Place[]): string {
  // Words and paths are commands' names and flags: letters, digits, hyphens and slashes, which need no quoting.
  const paths = places.map(({ path }) => path).filter((path) => path !== "");
  switch (shell) {
    case "bash":
      return bashScript(paths, places);
    case "zsh":
      return zshScript(paths, places);
    case "fish":
      return fishScript(paths, places);
  }
}

function bashScript(paths: readonly string[], places: readonly Place[]): string {
  return `# Completion of commonweight for bash: source <(commonweight completion bash)
_commonweight() {
  local place="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place/$word" in
      ${paths.join("|")}) place="$place/$word" ;;
    esac
  done
  case "$place" in
${places.map(({ path, words }) => `    "${path}") words="${words.join(" ")}" ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _commonweight commonweight
`;
}

function zshScript(paths: readonly string[], places: readonly Place[]): string {
  return `#compdef commonweight
# Completion of commonweight for zsh: source <(commonweight completion zsh), after compinit
_commonweight() {
  local place="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place/$word" in
      ${paths.join("|")}) place="$place/$word" ;;
    esac
  done
  case "$place" in
${places.map(({ path, words }) => `    "${path}") compadd -- ${words.join(" ")} ;;`).join("\n")}
  esac
  _files
}
if [ "$funcstack[1]" = "_commonweight" ]; then
  _commonweight "$@"
else
  compdef _commonweight commonweight
fi
`;
}

function fishScript(paths: readonly string[], places: readonly Place[]): string {
  return `# Completion of commonweight for fish: commonweight completion fish | source
function __commonweight_place
  set -l place ""
  set -l words (commandline -opc)
  for word in $words[2..-1]
    if contains -- "$place/$word" ${paths.join(" ")}
      set place "$place/$word"
    end
  end
  test "$place" = "$argv[1]"
end
${places
  .map(({ path, words }) => `complete -c commonweight -n '__commonweight_place "${path}"' -a '${words.join(" ")}'`)
  .join("\n")}
`;
}

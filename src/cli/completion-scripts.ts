/** What a shell has to be told: all the rest is asked of `netwhy __complete`. */
const BASH = `# bash: source <(netwhy completion bash)
_netwhy() {
  local line=\${COMP_LINE:0:COMP_POINT} value rest trim=
  local -a words=()
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  local current=\${words[\${#words[@]}-1]}
  # readline replaces only what stands behind the last of these.
  [[ $current == *[:=]* && $COMP_WORDBREAKS == *[:=]* ]] && trim=\${current%"\${current##*[:=]}"}
  COMPREPLY=()
  while IFS=$'\\t' read -r value rest; do
    if [[ $value == :files ]]; then
      compopt -o default
      continue
    fi
    printf -v value %q "\${value#"$trim"}"
    COMPREPLY+=("$value")
  done < <("\${COMP_WORDS[0]}" __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _netwhy netwhy
`;

const ZSH = `#compdef netwhy
# zsh: source <(netwhy completion zsh), or save it as _netwhy in a folder of $fpath
_netwhy() {
  local value text
  local -a values shown typed
  typed=("\${(@Q)words[2,CURRENT]}")
  while IFS=$'\\t' read -r value text; do
    if [[ $value == :files ]]; then
      _files
      continue
    fi
    values+=("$value")
    shown+=("$value\${text:+  -- $text}")
  done < <("\${words[1]}" __complete -- "\${typed[@]}" 2>/dev/null)
  compadd -l -d shown -a values
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _netwhy "$@"
else
  compdef _netwhy netwhy
fi
`;

const FISH = `# fish: netwhy completion fish | source
function __netwhy_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (netwhy __complete -- $words[2..-1] 2>/dev/null)
  if contains -- :files $found
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c netwhy -f -a '(__netwhy_complete)'
`;

export const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

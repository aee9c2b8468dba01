import type { CommandNode } from './command-tree.js'

/** For bash from 3.2 on, as macOS has it. An empty answer leaves the word to the completion of file names. */
export function bashScript(tree: readonly CommandNode[]): string {
  return `# fido-hybrid completion for bash
_fido_hybrid() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at='' words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${pathPattern(tree)}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  COMPREPLY=()
  case "$at|$prev" in
${tree.flatMap(valueCases).join('\n')}
  esac
  case "$at" in
${tree.map(nodeCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o bashdefault -o default -F _fido_hybrid fido-hybrid
`
}

/** A case for each command below the program. */
export function pathPattern(tree: readonly CommandNode[], separator = '|'): string {
  return tree
    .filter(({ path }) => path !== '')
    .map(({ path }) => `'${path}'`)
    .join(separator)
}

/** A word that is not an option may be the name of a file, where the operand is a file. */
function nodeCase(node: CommandNode): string {
  const filesFirst = node.takesFile ? '[[ $cur == -* ]] || return; ' : ''
  return `    '${node.path}') ${filesFirst}words='${wordsOf(node).join(' ')}' ;;`
}

function wordsOf({ subcommands, operands, options }: CommandNode): readonly string[] {
  return [...subcommands.map(({ word }) => word), ...operands, ...options.map(({ word }) => word)]
}

function valueCases({ path, options }: CommandNode): readonly string[] {
  return options.flatMap(({ word, value }) => {
    if (value === undefined) return []
    const answer =
      value === 'file'
        ? ''
        : value === 'text'
          ? 'compopt +o default +o bashdefault 2>/dev/null; '
          : `COMPREPLY=($(compgen -W '${value.join(' ')}' -- "$cur")); `
    return [`    '${path}|${word}') ${answer}return ;;`]
  })
}

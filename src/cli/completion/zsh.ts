import { pathPattern } from './bash.js'
import type { CommandNode, Completed } from './command-tree.js'

/** For zsh, to be sourced after `compinit`, or to be put on `fpath` as `_fido-hybrid`. */
export function zshScript(tree: readonly CommandNode[]): string {
  return `#compdef fido-hybrid
_fido_hybrid() {
  local at='' i files=0
  local -a commands options
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
      ${pathPattern(tree)}) at="$at \${words[i]}" ;;
    esac
  done
  case "$at|\${words[CURRENT-1]}" in
${tree.flatMap(valueCases).join('\n')}
  esac
  case "$at" in
${tree.map(nodeCase).join('\n')}
  esac
  (( $#commands )) && _describe command commands
  (( $files )) && _files
  _describe -o option options
}
if [[ $funcstack[1] == _fido-hybrid ]]; then _fido_hybrid "$@"; else compdef _fido_hybrid fido-hybrid; fi
`
}

function nodeCase({ path, subcommands, operands, options, takesFile }: CommandNode): string {
  const commands = [...subcommands, ...operands.map(word => ({ word, means: '' }))]
  return `    '${path}') commands=(${described(commands)}) options=(${described(options)})${takesFile ? ' files=1' : ''} ;;`
}

function described(all: readonly Completed[]): string {
  return all.map(({ word, means }) => quoted(means === '' ? word : `${word}:${means}`)).join(' ')
}

function valueCases({ path, options }: CommandNode): readonly string[] {
  return options.flatMap(({ word, value }) => {
    if (value === undefined) return []
    const answer = value === 'file' ? '_files; ' : value === 'text' ? '' : `compadd -- ${value.join(' ')}; `
    return [`    '${path}|${word}') ${answer}return ;;`]
  })
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

import { pathPattern } from './bash.js'
import type { CommandNode, CompletedOption } from './command-tree.js'

/** For fish, to be sourced, or to be put into `~/.config/fish/completions`. */
export function fishScript(tree: readonly CommandNode[]): string {
  return `# fido-hybrid completion for fish
function __fido_hybrid_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    switch "$at $word"
      case ${pathPattern(tree, ' ')}
        set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
complete -c fido-hybrid -f
${tree.flatMap(linesOf).join('\n')}
`
}

function linesOf({ path, subcommands, operands, options, takesFile }: CommandNode): readonly string[] {
  const start = `complete -c fido-hybrid -n ${quoted(`__fido_hybrid_at "${path}"`)}`
  return [
    ...subcommands.map(({ word, means }) => `${start} -a ${word} -d ${quoted(means)}`),
    ...operands.map(word => `${start} -a ${word}`),
    ...(takesFile ? [`${start} -F`] : []),
    ...options.map(option => `${start} ${optionWords(option)}`),
  ]
}

function optionWords({ word, means, value }: CompletedOption): string {
  const option = `-l ${word.replace(/^--/, '')} -d ${quoted(means)}`
  if (value === undefined) return option
  if (value === 'file') return `${option} -r -F`
  return value === 'text' ? `${option} -x` : `${option} -x -a ${quoted(value.join(' '))}`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

import { Command } from 'commander'
import { addCommands } from '../../src/cli/commands.js'
import { commandTree } from '../../src/cli/completion/command-tree.js'
import type { CommandNode } from '../../src/cli/completion/command-tree.js'

/** The commands of the program by their paths: ` client register`; empty for the program itself. */
export async function commandNodes(): Promise<ReadonlyMap<string, CommandNode>> {
  const program = new Command('fido-hybrid').version('0')
  await addCommands(program, [], () => undefined)
  return new Map(commandTree(program).map(node => [node.path, node]))
}

/** What a line of the command has that the program does not: a subcommand, an option, or a value of one. Nothing when it is right. */
export function strangeWords(line: string, nodes: ReadonlyMap<string, CommandNode>): readonly string[] {
  const words = line.trim().split(/\s+/)
  const path = pathOf(words, nodes)
  const node = nodes.get(path)
  const rest = words.slice(path.split(' ').length - 1)
  const [first = ''] = rest
  const isLost = (node?.subcommands.length ?? 0) > 0 && WORD.test(first)
  return [...(isLost ? [first] : []), ...rest.flatMap((word, at) => strangeOption(word, rest[at + 1], node))]
}

/** Anything else stands for what a reader puts in: `FILE`, `…`, `a|b`. */
const WORD = /^[a-z][a-z-]*$/

function strangeOption(word: string, value: string | undefined, node: CommandNode | undefined): string[] {
  const name = word.replace(/[=,.:].*/, '')
  if (!/^--[a-z]/.test(name) || EVERYWHERE.includes(name)) return []
  const option = node?.options.find(each => each.word === name)
  if (option === undefined) return [word]
  const isStrange =
    typeof option.value === 'object' && WORD.test(value ?? '') && !option.value.includes(value ?? '')
  return isStrange ? [`${word} ${value ?? ''}`] : []
}

/** Of the program itself. */
const EVERYWHERE = ['--json', '--version']

function pathOf(words: readonly string[], nodes: ReadonlyMap<string, CommandNode>): string {
  let path = ''
  for (const word of words) {
    if (!nodes.has(`${path} ${word}`)) return path
    path += ` ${word}`
  }
  return path
}

import type { Command, Option } from 'commander'

/** A word to complete to, with what it means. */
export interface Completed {
  readonly word: string
  readonly means: string
}

/** An option that takes a value. */
export interface CompletedOption extends Completed {
  /** Undefined for a flag. */
  readonly value?: 'file' | 'text' | readonly string[] | undefined
}

/** One command as shells see it. */
export interface CommandNode {
  /** Each word with a blank before it: ` client register`; empty for the program. */
  readonly path: string
  readonly subcommands: readonly Completed[]
  /** What its first operand can be, where that is known. */
  readonly operands: readonly string[]
  /** Whether its operand may be the name of a file. */
  readonly takesFile: boolean
  readonly options: readonly CompletedOption[]
}

const FILE_OPERANDS = ['file', 'input', 'command']
const FILE_VALUES = /<(?:file|dir)>/

/** The program and all its commands, from the very definitions that `--help` prints. */
export function commandTree(command: Command, path = ''): readonly CommandNode[] {
  const { commands } = command
  const help = command.createHelp()
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
  const [operand] = command.registeredArguments
  return [
    {
      path,
      subcommands: commands.map(each => ({ word: each.name(), means: each.description() })),
      operands: operand?.argChoices ?? [],
      takesFile: FILE_OPERANDS.includes(operand?.name() ?? ''),
      options: options.flatMap(completedOption),
    },
    ...commands.flatMap(each => commandTree(each, `${path} ${each.name()}`)),
  ]
}

function completedOption(option: Option): readonly CompletedOption[] {
  const { long, flags, description, argChoices, required, optional } = option
  if (typeof long !== 'string') return []
  const text = FILE_VALUES.test(flags) ? 'file' : 'text'
  const value = required || optional ? (argChoices ?? text) : undefined
  return [{ word: long, means: description, value }]
}

import type { Command } from 'commander'
import type { GivenOptions } from './options/given.js'
import type { Output } from './output.js'
import type { Surroundings } from './surroundings.js'

/** One command, called. */
export interface Invocation {
  readonly options: GivenOptions
  readonly operands: readonly string[]
  readonly output: Output
  readonly surroundings: Surroundings
}

/** What a command does; it fails by throwing. */
export type Action = (invocation: Invocation) => Promise<void>

/** Ties an action to a command. */
export type Bind = (command: Command, action: Action) => void

/** Gives a command of the program its options and subcommands. */
export type AddCommands = (command: Command, bind: Bind) => void

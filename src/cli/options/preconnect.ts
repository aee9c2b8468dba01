import type { Command } from 'commander'
import type { GivenOptions } from './given.js'

/** When a laptop opens connections ahead. */
export const WHILE_SHOWN = 'while the QR code is shown'

/** Adds the option against connections ahead. @param when they are opened. */
export function withPreconnectOption(command: Command, when: string): Command {
  return command.option(
    '--no-preconnect',
    `do not connect to the tunnel service ${when}: later, but it learns of no ceremony that does not come about`,
  )
}

export function readPreconnect(options: GivenOptions): boolean {
  return !options.isOff('preconnect')
}

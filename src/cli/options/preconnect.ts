import type { Command } from 'commander'
import type { GivenOptions } from './given.js'

/** When a laptop opens connections ahead. */
export const WHILE_SHOWN = 'while the QR code is shown'

/** Adds the option against connections ahead. @param when they are opened. */
export function withPreconnectOption(command: Command, when: string): Command {
  return command.option(
    '--no-preconnect',
    `do not connect to the tunnel service ${when}: slower, but it does not learn of codes that are not used`,
  )
}

export function readPreconnect(options: GivenOptions): boolean {
  return !options.isOff('preconnect')
}

import type { Command } from 'commander'
import type { Bind } from './invocation.js'
import { addPasskeyCommands } from './passkeys.js'
import { addScanCommand } from './phone-scan.js'

/** The phone’s commands. */
export function addPhoneCommands(program: Command, bind: Bind): void {
  const phone = program.command('phone').description('be the phone: answer QR codes, and keep passkeys')
  addScanCommand(phone, bind)
  addPasskeyCommands(phone, bind)
}

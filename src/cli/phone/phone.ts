import type { Command } from 'commander'
import type { Bind } from '../invocation.js'
import { addPasskeyCommands } from './passkeys.js'
import { addPhoneLinkCommands } from './links.js'
import { addScanCommand } from './scan.js'
import { addServeCommand } from './serve.js'

/** The phone’s commands. */
export function addPhoneCommands(program: Command, bind: Bind): void {
  const phone = program
    .command('phone')
    .description('be the phone: answer QR codes and linked laptops, and keep passkeys')
  addScanCommand(phone, bind)
  addServeCommand(phone, bind)
  addPhoneLinkCommands(phone, bind)
  addPasskeyCommands(phone, bind)
}

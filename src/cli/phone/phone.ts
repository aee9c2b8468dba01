import type { AddCommands } from '../invocation.js'
import { addPasskeyCommands } from './passkeys.js'
import { addPhoneLinkCommands } from './links.js'
import { addScanCommand } from './scan.js'
import { addServeCommand } from './serve.js'

/** The phone’s commands. */
export const addPhoneCommands: AddCommands = (phone, bind) => {
  addScanCommand(phone, bind)
  addServeCommand(phone, bind)
  addPhoneLinkCommands(phone, bind)
  addPasskeyCommands(phone, bind)
}

import type { Command } from 'commander'
import { openFileCredentialStore } from '../../adapters/stores/file-credential-store.js'
import { encodeBase64url } from '../../bytes/base64url.js'
import { UsageError } from '../../errors.js'
import type { CredentialStore, StoredCredential } from '../../ports/credential-store.js'
import { byBeginning } from '../options/by-beginning.js'
import { badUsage } from '../failure.js'
import type { Bind, Invocation } from '../invocation.js'
import { confirmPasskey } from '../../virtual/replaced-passkeys.js'
import { passkeyDetails, passkeyEvent, passkeyLine } from '../text/passkey.js'
import { STORE_HELP, storePath } from '../options/store.js'

const LIST_EXAMPLES = `
With --json one {"event":"passkey",…} each. Private keys are never shown. A passkey that was "never confirmed" (JSON:
"confirmed":false) was made, but the connection broke before the laptop said goodbye: the relying party may not know it.
Delete it or accept it. A sign-in at which the relying party names it confirms it, too.

Examples:
  fido-hybrid phone list
  fido-hybrid phone list --store work.json --json`

const ID_EXAMPLES = (command: string, event: string): string => `
An ID is base64url; its beginning is enough where only one passkey has it. With --json: {"event":"${event}",…}.

Example:
  fido-hybrid phone ${command} q8Rz`

/** The commands about what the phone keeps. */
export function addPasskeyCommands(phone: Command, bind: Bind): void {
  const list = phone.command('list').description('list the passkeys').addHelpText('after', LIST_EXAMPLES)
  const show = phone
    .command('show')
    .description('show one passkey')
    .addHelpText('after', ID_EXAMPLES('show', 'passkey'))
  const remove = phone
    .command('delete')
    .description('delete one passkey')
    .addHelpText('after', ID_EXAMPLES('delete', 'deleted'))
  const accept = phone
    .command('accept')
    .description('take one passkey as confirmed')
    .addHelpText('after', ID_EXAMPLES('accept', 'accepted'))
  // Every 64th ID begins with a dash.
  for (const command of [show, remove, accept]) command.argument('<id>', 'credential ID').allowUnknownOption()
  for (const command of [list, show, remove, accept]) command.option('--store <file>', STORE_HELP)
  bind(list, invocation => inStore(invocation, listPasskeys))
  bind(show, invocation => inStore(invocation, showPasskey))
  bind(remove, invocation => inStore(invocation, deletePasskey))
  bind(accept, invocation => inStore(invocation, acceptPasskey))
}

type StoreAction = (store: CredentialStore, invocation: Invocation, path: string) => Promise<void>

async function inStore(invocation: Invocation, action: StoreAction): Promise<void> {
  const path = storePath(invocation.options, invocation.surroundings.env)
  await action(await openFileCredentialStore(path), invocation, path)
}

const listPasskeys: StoreAction = async (store, { output }, path) => {
  const passkeys = await store.list()
  for (const passkey of passkeys) {
    output.event(passkeyEvent('passkey', passkey))
    output.result(passkeyLine(passkey))
  }
  if (passkeys.length === 0) output.note(`no passkeys in ${path}`)
}

const showPasskey: StoreAction = async (store, { operands, output }) => {
  const passkey = find(await store.list(), operands[0])
  output.event(passkeyEvent('passkey', passkey))
  output.result(passkeyDetails(passkey))
}

const deletePasskey: StoreAction = async (store, { operands, output }) => {
  const passkey = find(await store.list(), operands[0])
  await store.delete(passkey.credentialId)
  output.event(passkeyEvent('deleted', passkey))
  output.result(`deleted ${passkeyLine(passkey)}`)
}

const acceptPasskey: StoreAction = async (store, { operands, output }) => {
  const { credentialId } = find(await store.list(), operands[0])
  const passkey = await confirmPasskey(store, credentialId)
  if (passkey === undefined) throw unknownId(encodeBase64url(credentialId))
  output.event(passkeyEvent('accepted', passkey))
  output.result(`accepted ${passkeyLine(passkey)}`)
}

/** @throws UsageError `argument-invalid` unless exactly one passkey is meant. */
function find(passkeys: readonly StoredCredential[], id = ''): StoredCredential {
  const matches = byBeginning(passkeys, ({ credentialId }) => encodeBase64url(credentialId), id)
  const [match] = matches
  if (match === undefined)
    throw id.startsWith('-') ? badUsage(`${id} is neither an option nor the ID of a passkey`) : unknownId(id)
  if (matches.length === 1) return match
  throw new UsageError('argument-invalid', `${matches.length} passkeys begin with ${id}`)
}

function unknownId(id: string): UsageError {
  return new UsageError('argument-invalid', `no passkey has the ID ${id}`)
}

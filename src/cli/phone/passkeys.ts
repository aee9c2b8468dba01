import type { Command } from 'commander'
import { openFileCredentialStore } from '../../adapters/stores/file-credential-store.js'
import { encodeBase64url } from '../../bytes/base64url.js'
import { StoreError } from '../../errors.js'
import type { CredentialStore, StoredCredential } from '../../ports/credential-store.js'
import { chosenById, LETTERS_TO_CHANGE } from '../options/chosen.js'
import { badUsage } from '../failure.js'
import type { Bind, Invocation } from '../invocation.js'
import { confirmPasskey } from '../../virtual/replaced-passkeys.js'
import { shortName } from '../../virtual/short-name.js'
import { passkeyDetails, passkeyEvent, passkeyLine } from '../text/passkey.js'
import { requireNamedFolder, STORE_HELP, storePath } from '../options/store.js'
import { confirmDeletion, DELETE_HELP, siteKeepsText } from './deletion.js'

const LIST_EXAMPLES = `
With --json one {"event":"passkey",…} each. Private keys are never shown. A passkey that was "never confirmed" (JSON:
"confirmed":false) was made, but the connection broke before the laptop said goodbye: the relying party may not know it.
Delete it or accept it. A sign-in at which the relying party names it also confirms it.

Examples:
  fido-hybrid phone list
  fido-hybrid phone list --store work.json --json`

const ID_EXAMPLES = (command: string, event: string, letters = 'its beginning is'): string => `
An ID is base64url; ${letters} enough where only one passkey has it. With --json: {"event":"${event}",…}.

Example:
  fido-hybrid phone ${command}`

const FOUR_LETTERS = `${LETTERS_TO_CHANGE} letters of its beginning are`

const RENAME_EXAMPLES = `
The name is what this phone shows for the account, at most 256 letters; the account’s own name (userName) stays, and the site does
not learn of it.${ID_EXAMPLES('rename q8Rz "Ada, at work"', 'renamed', FOUR_LETTERS)}`

/** The commands about what the phone keeps. */
export function addPasskeyCommands(phone: Command, bind: Bind): void {
  const add = (name: string, description: string, help: string, action: StoreAction): Command => {
    const command = phone.command(name).description(description).addHelpText('after', help)
    bind(command, invocation => inStore(invocation, action))
    return command.option('--store <file>', STORE_HELP)
  }
  // Every 64th ID begins with a dash.
  const addWithId: typeof add = (...parts) =>
    add(...parts)
      .argument('<id>', 'credential ID')
      .allowUnknownOption()
  add('list', 'list the passkeys', LIST_EXAMPLES, listPasskeys)
  addWithId('show', 'show one passkey', ID_EXAMPLES('show q8Rz', 'passkey'), showPasskey)
  addWithId('rename', 'give one passkey another name', RENAME_EXAMPLES, renamePasskey).argument(
    '<name>',
    'its new name on this phone',
  )
  const deletion = DELETE_HELP + ID_EXAMPLES('delete q8Rz', 'deleted', FOUR_LETTERS)
  addWithId('delete', 'delete one passkey', deletion, deletePasskey).option(
    '--yes',
    'delete without a question',
  )
  const acceptance = ID_EXAMPLES('accept q8Rz', 'accepted', FOUR_LETTERS)
  addWithId('accept', 'mark one passkey as confirmed', acceptance, acceptPasskey)
}

type StoreAction = (store: CredentialStore, invocation: Invocation, path: string) => Promise<void>

async function inStore(invocation: Invocation, action: StoreAction): Promise<void> {
  const path = storePath(invocation.options, invocation.surroundings.env)
  await requireNamedFolder(path, invocation.options)
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

const renamePasskey: StoreAction = async (store, { operands, output }) => {
  const { credentialId } = find(await store.list(), operands[0], LETTERS_TO_CHANGE)
  const userDisplayName = checkedName(operands[1])
  const passkey = await store.update(credentialId, kept => ({ ...kept, userDisplayName }))
  if (passkey === undefined) throw goneMeanwhile(credentialId)
  output.event(passkeyEvent('renamed', passkey))
  output.result(`renamed ${passkeyLine(passkey)}`)
}

function checkedName(name = ''): string {
  if (name.trim() === '') throw badUsage('the new name is empty')
  if (shortName(name) !== name) throw badUsage('the new name is too long: 256 letters are kept')
  return name
}

const deletePasskey: StoreAction = async (store, invocation) => {
  const { operands, output } = invocation
  const passkey = find(await store.list(), operands[0], LETTERS_TO_CHANGE)
  await confirmDeletion(passkey, invocation)
  if (!(await store.delete(passkey.credentialId))) throw goneMeanwhile(passkey.credentialId)
  output.event(passkeyEvent('deleted', passkey))
  output.result(`deleted ${passkeyLine(passkey)}`)
  output.note(siteKeepsText(passkey))
}

const acceptPasskey: StoreAction = async (store, { operands, output }) => {
  const { credentialId } = find(await store.list(), operands[0], LETTERS_TO_CHANGE)
  const passkey = await confirmPasskey(store, credentialId)
  if (passkey === undefined) throw goneMeanwhile(credentialId)
  output.event(passkeyEvent('accepted', passkey))
  output.result(`accepted ${passkeyLine(passkey)}`)
}

function find(passkeys: readonly StoredCredential[], id = '', minLetters = 0): StoredCredential {
  const idOf = ({ credentialId }: StoredCredential): string => encodeBase64url(credentialId)
  return chosenById(passkeys, id, { idOf, what: 'passkey', minLetters })
}

/** Another process may delete it between two looks. */
function goneMeanwhile(credentialId: Uint8Array): StoreError {
  return new StoreError(
    'store-entry-missing',
    `no passkey has the ID ${encodeBase64url(credentialId)} any more`,
  )
}

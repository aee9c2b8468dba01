import type { Command } from 'commander'
import { openFilePhoneIdentityStore } from '../../adapters/stores/file-phone-identity-store.js'
import { PhoneLinks, toPhoneLink } from '../../authenticator/phone-links.js'
import { decodeBase64url } from '../../bytes/base64url.js'
import { chosenById, LETTERS_TO_CHANGE } from '../options/chosen.js'
import { badUsage } from '../failure.js'
import type { Bind, Invocation } from '../invocation.js'
import { phoneLinkLine, phoneLinkMembers } from '../text/link.js'
import { DEFAULT_PHONE_NAME } from './phone-parts.js'
import { IDENTITY_HELP, identityPath, requireNamedFolder, STORE_HELP } from '../options/store.js'

const LINKS_EXAMPLES = `
With --json one {"event":"link","linkId":…,"linkedAt":…,"lastUsedAt":…} each. A phone does not know the names of its laptops.

Examples:
  fido-hybrid phone links
  fido-hybrid phone links --store work.json --json`

const UNLINK_EXAMPLES = `
An ID is base64url; ${LETTERS_TO_CHANGE} letters of its beginning are enough where only one link has it. The laptop learns of it at its next call. --all also
gives the phone a new contact ID, so that the tunnel service refuses the old laptops for good. With --json one
{"event":"unlinked",…} each.

Examples:
  fido-hybrid phone unlink q8Rz
  fido-hybrid phone unlink --all`

/** The commands about the laptops that a phone is linked with. */
export function addPhoneLinkCommands(phone: Command, bind: Bind): void {
  const links = phone
    .command('links')
    .description('list the laptops that remember this phone')
    .addHelpText('after', LINKS_EXAMPLES)
  // Every 64th ID begins with a dash.
  const unlink = phone
    .command('unlink')
    .description('end one link, or all of them')
    .argument('[id]', 'link ID')
    .allowUnknownOption()
    .option('--all', 'end all links')
    .addHelpText('after', UNLINK_EXAMPLES)
  for (const command of [links, unlink])
    command.option('--store <file>', STORE_HELP).option('--identity <file>', IDENTITY_HELP)
  bind(links, listLinks)
  bind(unlink, endLinks)
}

async function openLinks({ options, surroundings }: Invocation): Promise<PhoneLinks> {
  const { crypto, random, clock } = surroundings.platform({})
  const path = identityPath(options, surroundings.env)
  await requireNamedFolder(path, options)
  const store = await openFilePhoneIdentityStore(path)
  return new PhoneLinks({ store, name: DEFAULT_PHONE_NAME, crypto, random, clock })
}

type PhoneLink = ReturnType<typeof toPhoneLink>

async function listLinks(invocation: Invocation): Promise<void> {
  const { options, output, surroundings } = invocation
  const links = (await (await openLinks(invocation)).list()).map(toPhoneLink)
  for (const link of links) {
    output.event({ event: 'link', ...phoneLinkMembers(link) })
    output.result(phoneLinkLine(link))
  }
  if (links.length === 0) output.note(`no links in ${identityPath(options, surroundings.env)}`)
}

async function endLinks(invocation: Invocation): Promise<void> {
  const { options, operands, output } = invocation
  const [id] = operands
  if (options.flag('all') === (id !== undefined)) throw badUsage('unlink takes the ID of a link, or --all')
  const links = await openLinks(invocation)
  const listed = (await links.list()).map(toPhoneLink)
  const ended = id === undefined ? listed : [find(listed, id)]
  if (id === undefined) await links.unlinkAll()
  else for (const { linkId } of ended) await links.unlink(decodeBase64url(linkId))
  for (const link of ended) {
    output.event({ event: 'unlinked', ...phoneLinkMembers(link) })
    output.result(`unlinked ${phoneLinkLine(link)}`)
  }
  if (id === undefined) output.note('the phone has a new contact ID')
}

function find(links: readonly PhoneLink[], id: string): PhoneLink {
  return chosenById(links, id, { idOf: ({ linkId }) => linkId, what: 'link', minLetters: LETTERS_TO_CHANGE })
}

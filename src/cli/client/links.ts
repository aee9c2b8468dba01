import type { Command } from 'commander'
import { openFileLinkStore } from '../../adapters/stores/file-link-store.js'
import type { FileLinkStore } from '../../adapters/stores/file-link-store.js'
import type { CryptoProvider } from '../../crypto/provider.js'
import type { Bind, Invocation } from '../invocation.js'
import { LETTERS_TO_CHANGE } from '../options/chosen.js'
import { chooseLinkToEnd } from '../options/link.js'
import { linkEvent, linkLine } from '../text/link.js'
import { LINKS_HELP, linksPath, requireNamedFolder } from '../options/store.js'

const LINKS_EXAMPLES = `
Without a command it lists them.

Examples:
  fido-hybrid client links
  fido-hybrid client links forget "Ada’s phone"`

const LIST_EXAMPLES = `
With --json one {"event":"link","name":…} each. The secrets by which a phone is called are never shown.

Examples:
  fido-hybrid client links list
  fido-hybrid client links list --store work-links.json --json`

const FORGET_EXAMPLES = `
${LETTERS_TO_CHANGE} letters of its beginning are enough where only one phone has that name. The phone keeps its half of the link until its owner ends it there. With
--json: {"event":"forgotten",…}.

Example:
  fido-hybrid client links forget "Ada’s phone"`

/** The commands about the phones that a laptop remembers. */
export function addLinksCommands(client: Command, bind: Bind): void {
  const links = client
    .command('links')
    .description('list the remembered phones, or forget one')
    .addHelpText('after', LINKS_EXAMPLES)
  const list = links
    .command('list', { isDefault: true })
    .description('list the remembered phones')
    .addHelpText('after', LIST_EXAMPLES)
  const forget = links
    .command('forget')
    .description('forget one remembered phone')
    .argument('<name>', 'what the list calls it')
    .addHelpText('after', FORGET_EXAMPLES)
  for (const command of [list, forget]) command.option('--store <file>', LINKS_HELP)
  bind(list, invocation => inLinks(invocation, listLinks))
  bind(forget, invocation => inLinks(invocation, forgetLink))
}

interface OpenLinks {
  readonly store: FileLinkStore
  readonly path: string
  readonly crypto: CryptoProvider
}

async function inLinks(
  invocation: Invocation,
  action: (links: OpenLinks, invocation: Invocation) => Promise<void>,
): Promise<void> {
  const { options, surroundings } = invocation
  const path = linksPath(options, surroundings.env)
  await requireNamedFolder(path, options)
  const { crypto } = surroundings.platform({})
  await action({ store: await openFileLinkStore(path), path, crypto }, invocation)
}

async function listLinks({ store, path, crypto }: OpenLinks, { output }: Invocation): Promise<void> {
  const links = await store.list()
  for (const link of links) {
    const event = linkEvent('link', link, crypto)
    output.event(event)
    output.result(linkLine(event))
  }
  if (links.length === 0) output.note(`no remembered phones in ${path}`)
}

async function forgetLink({ store, crypto }: OpenLinks, invocation: Invocation): Promise<void> {
  const { operands, output } = invocation
  const link = chooseLinkToEnd(await store.list(), operands[0] ?? '')
  await store.delete(link)
  const event = linkEvent('forgotten', link, crypto)
  output.event(event)
  output.result(`forgot ${linkLine(event)}`)
}

import type { Command } from 'commander'
import { openFileLinkStore } from '../../adapters/stores/file-link-store.js'
import type { CryptoProvider } from '../../crypto/provider.js'
import type { Link, LinkStore } from '../../ports/link-store.js'
import { badUsage } from '../failure.js'
import { assertLong, chosen } from './chosen.js'
import type { GivenOptions } from './given.js'
import { linkEvent } from '../text/link.js'
import type { Output } from '../output.js'
import { printable } from '../text/printable.js'
import { LINKS_HELP, linksPath, requireNamedFolder } from './store.js'
import type { Surroundings } from '../surroundings.js'

/** Which phone a laptop turns to, and whether it remembers it. */
export interface LinkSettings {
  /** Undefined: no phone is asked whether it may be remembered. */
  readonly links: LinkStore | undefined
  /** Undefined: the phone that scans the QR code. */
  readonly link: Link | undefined
}

/** Adds the options about phones that are remembered. */
export function withLinkOptions(command: Command): Command {
  return command
    .option('--remember', 'ask the phone to be remembered, so that the next time needs no QR code')
    .option(
      '--link [name]',
      'call a remembered phone instead of showing a QR code; without a name: the only one',
    )
    .option('--store <file>', LINKS_HELP)
}

/** @throws CommandLineError for options that do not go together; like `chooseLink`; StoreError. */
export async function readLinkOptions(options: GivenOptions, { env }: Surroundings): Promise<LinkSettings> {
  const remember = options.flag('remember')
  const name = options.flag('link') ? '' : options.text('link')
  if (!remember && name === undefined) return { links: undefined, link: undefined }
  if (remember && name !== undefined)
    throw badUsage('--link and --remember: the phone that --link calls is remembered already')
  const path = linksPath(options, env)
  if (!remember) await requireNamedFolder(path, options)
  const links = await openFileLinkStore(path)
  return { links, link: name === undefined ? undefined : chooseLink(await links.list(), name) }
}

/**
 * @param name the whole name or the beginning of it.
 * @throws StoreError `store-entry-missing`, UsageError `argument-invalid` unless one link is meant.
 */
export function chooseLink(links: readonly Link[], name: string): Link {
  return chosen(links, name, {
    nameOf: each => each.name,
    none: () => noSuchLink(links, name),
    several: (_, matches) => `the name fits several remembered phones; give that of one: ${namesOf(matches)}`,
  })
}

/** As `chooseLink`, for a command that ends the link. @throws also UsageError `argument-invalid` for a short beginning. */
export function chooseLinkToEnd(links: readonly Link[], name: string): Link {
  assertLong(links, name, { nameOf: each => each.name, what: 'name' })
  return chooseLink(links, name)
}

function noSuchLink(links: readonly Link[], name: string): string {
  if (links.length === 0) return 'no phone is remembered yet; use --remember first, and allow it on the phone'
  return `no remembered phone is called ${printable(name)}; the names are ${namesOf(links)}`
}

function namesOf(links: readonly Link[]): string {
  return links.map(({ name }) => `"${printable(name)}"`).join(', ')
}

/** Wraps a store, and reports which phones come and go. */
export function toldLinks(store: LinkStore, output: Output, crypto: CryptoProvider): LinkStore {
  return {
    list: () => store.list(),
    put: async link => {
      const kept = await store.put(link)
      output.event(linkEvent('remembered', kept, crypto))
      output.note(`remembered as "${printable(kept.name)}": the next time, --link calls it`)
      return kept
    },
    delete: link => store.delete(link),
  }
}

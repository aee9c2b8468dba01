import { readFileSync } from 'node:fs'
import type { DefaultTheme } from 'vitepress'
import { REFERENCE_FOLDER } from './write-pages.js'

const ADAPTERS = '/adapters/'

/** What the name of an entry begins with, and need not where there is little room. */
const PREFIX = /^[^/]+\/(?:adapters\/)?/

/**
 * The sidebars of the reference: in each the entries of the package, and of one entry the symbols. All symbols in all pages would make
 * the site many times as large.
 */
export function referenceSidebars(): DefaultTheme.SidebarMulti {
  const entries = readEntries()
  return {
    '/reference/': sidebarOf(entries, undefined),
    ...Object.fromEntries(entries.map(({ link = '' }) => [link, sidebarOf(entries, link)])),
  }
}

/** As `typedoc-vitepress-theme` lists them. */
function readEntries(): readonly DefaultTheme.SidebarItem[] {
  return JSON.parse(
    readFileSync(`${REFERENCE_FOLDER}typedoc-sidebar.json`, 'utf8'),
  ) as DefaultTheme.SidebarItem[]
}

function sidebarOf(
  entries: readonly DefaultTheme.SidebarItem[],
  open: string | undefined,
): DefaultTheme.SidebarItem[] {
  const items = entries.map(({ text = '', link = '', items: groups = [] }) => ({
    text: text.replace(PREFIX, ''),
    link,
    ...(link === open && { items: groups.map(openGroup) }),
  }))
  const isAdapter = ({ link }: { readonly link: string }): boolean => link.includes(ADAPTERS)
  return [
    { text: 'Reference', link: '/reference/', items: items.filter(item => !isAdapter(item)) },
    { text: 'Adapters', items: items.filter(isAdapter) },
  ]
}

/** Without a toggle: the default theme has a button within a button there. */
function openGroup({ text = '', items = [] }: DefaultTheme.SidebarItem): DefaultTheme.SidebarItem {
  return { text, items }
}

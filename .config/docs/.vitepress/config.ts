import type { DefaultTheme, UserConfig } from 'vitepress'
import { stateDiagrams } from '../diagrams.js'
import { projectLinks } from '../links.js'
import { GUIDES, SECTIONS } from '../pages.js'
import { referenceSidebars } from '../reference-sidebars.js'
import { gitHubSlug } from '../slugs.js'
import { titleOf } from '../source-text.js'
import { writePages } from '../write-pages.js'

writePages()

const config: UserConfig<DefaultTheme.Config> = {
  lang: 'en',
  title: 'fido-hybrid',
  srcDir: 'pages',
  cleanUrls: true,
  lastUpdated: false,
  metaChunk: true,
  markdown: {
    anchor: { slugify: gitHubSlug },
    headers: { slugify: gitHubSlug },
    config: md => {
      projectLinks(md)
      stateDiagrams(md)
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guides', link: `/${GUIDES[0]?.address ?? 'start'}` },
      { text: 'Reference', link: '/reference/' },
      { text: 'Errors', link: '/errors' },
    ],
    sidebar: { ...referenceSidebars(), '/': sidebar() },
  },
}

export default config

function sidebar(): DefaultTheme.SidebarItem[] {
  return SECTIONS.map(({ title, pages }) => ({
    text: title,
    items: pages.map(({ source, address, name }) => ({ text: name ?? titleOf(source), link: `/${address}` })),
  }))
}

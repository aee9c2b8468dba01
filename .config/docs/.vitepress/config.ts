import { relative } from 'node:path'
import type { DefaultTheme, UserConfig } from 'vitepress'
import { stateDiagrams } from '../diagrams.js'
import { projectLinks } from '../links.js'
import { GUIDES, ROOT, SECTIONS } from '../pages.js'
import packageJson from '../../../package.json' with { type: 'json' }
import { finished } from '../built-page.js'
import { breakableNames, plainBlocks } from '../plain-blocks.js'
import { referenceLinks } from '../reference-links.js'
import { referenceSidebars } from '../reference-sidebars.js'
import { searchText } from '../search-text.js'
import { gitHubSlug } from '../slugs.js'
import { descriptionOf, titleOf } from '../source-text.js'
import { PAGES_FOLDER, writePages } from '../write-pages.js'

writePages()

/** A point and two waves, in the text, so that no page asks for a picture. */
const ICON = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="none" stroke="#5672cd" stroke-width="4" stroke-linecap="round"><path d="M6 26h.1M6 17a9 9 0 0 1 9 9M6 8a18 18 0 0 1 18 18"/></g></svg>')}`

const config: UserConfig<DefaultTheme.Config> = {
  lang: 'en',
  title: packageJson.name,
  description: packageJson.description,
  srcDir: 'pages',
  cleanUrls: true,
  lastUpdated: false,
  metaChunk: true,
  head: [['link', { rel: 'icon', href: ICON }]],
  transformPageData: ({ relativePath, frontmatter, title }) =>
    relativePath.startsWith('reference/')
      ? {
          // The first entry has the name of the whole.
          title: title === packageJson.name ? `Reference of ${title}` : title,
          description: referenceDescription(relativePath),
          frontmatter: { ...frontmatter, pageClass: 'reference' },
        }
      : {},
  transformHtml: (html, _file, { page }) => finished(html, page),
  markdown: {
    // Addresses in running text are examples.
    linkify: false,
    // Those with enough contrast, comments included.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: gitHubSlug },
    headers: { slugify: gitHubSlug },
    config: md => {
      projectLinks(md)
      stateDiagrams(md)
      plainBlocks(md)
      breakableNames(md)
      referenceLinks(md)
    },
  },
  // The decode page takes the library from its sources, and samples from the tests.
  vite: { server: { fs: { allow: [ROOT] } }, build: { chunkSizeWarningLimit: 5000 } },
  themeConfig: {
    search: { provider: 'local', options: { _render: searchText } },
    notFound: {
      title: 'No such page',
      quote: 'Nothing is at this address. The search above knows every page.',
      linkLabel: 'To the home page',
      linkText: 'To the home page',
    },
    outline: [2, 3],
    nav: [
      { text: 'Guides', link: `/${GUIDES[0]?.address ?? 'start'}`, activeMatch: '^/guides/' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
      { text: 'Errors', link: '/errors' },
      { text: 'Decode', link: '/decode' },
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

function referenceDescription(path: string): string {
  const description = descriptionOf(`${relative(ROOT, PAGES_FOLDER)}/${path}`)
  return description === '' ? packageJson.description : description
}

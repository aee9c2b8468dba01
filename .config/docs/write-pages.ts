import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import packageJson from '../../package.json' with { type: 'json' }
import { HERO } from './hero.js'
import { GUIDES, ROOT, SECTIONS } from './pages.js'
import { descriptionOf, linesOfBeginning, titleOf } from './source-text.js'

/** Where VitePress looks for pages. All in it is made; git ignores it. */
export const PAGES_FOLDER: string = fileURLToPath(new URL('pages/', import.meta.url))

/** Its pages of the reference. */
export const REFERENCE_FOLDER: string = `${PAGES_FOLDER}reference/`

const README = 'README.md'

/**
 * Writes a page for each Markdown file of the project. A page includes its file, so that there is one text, and what a writer changes
 * shows at once. VitePress takes pages from below one folder, and from no folder within it whose name begins with a dot: hence the stubs.
 */
export function writePages(): void {
  removeOldPages()
  for (const { source, address, name } of SECTIONS.flatMap(({ pages }) => pages))
    write(`${address}.md`, { title: name ?? titleOf(source), description: descriptionOf(source) }, source)
  // The README’s first screen, without its heading, which the hero has.
  write('index.md', home(), `${README}{2,${linesOfBeginning(README)}}`)
}

/** The reference stays: making it takes long. */
function removeOldPages(): void {
  const names = existsSync(PAGES_FOLDER) ? readdirSync(PAGES_FOLDER) : []
  for (const name of names)
    if (`${PAGES_FOLDER}${name}/` !== REFERENCE_FOLDER) rmSync(PAGES_FOLDER + name, { recursive: true })
}

/** @param front its frontmatter. @param included a file of the project, perhaps with a range of lines. */
function write(path: string, front: object, included: string): void {
  const file = PAGES_FOLDER + path
  mkdirSync(dirname(file), { recursive: true })
  const inclusion = `<!--@include: ${posix.relative(dirname(file), ROOT + included)}-->`
  writeFileSync(file, `---\n${JSON.stringify(front)}\n---\n\n${inclusion}\n`)
}

function home(): object {
  return {
    layout: 'home',
    title: `${packageJson.name}: ${packageJson.description.split(':')[0] ?? ''}`,
    titleTemplate: false,
    description: packageJson.description,
    hero: { name: packageJson.name, tagline: packageJson.description, image: HERO, actions: ACTIONS },
    features: GUIDES.map(({ source, address }) => ({
      title: titleOf(source),
      details: descriptionOf(source),
      link: `/${address}`,
    })),
  }
}

const ACTIONS = [
  { theme: 'brand', text: 'In two minutes', link: '/start#two-minutes' },
  { theme: 'alt', text: 'Decode a code', link: '/decode' },
  { theme: 'alt', text: 'Reference', link: '/reference/' },
]

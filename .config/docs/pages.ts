import { existsSync, readdirSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project’s folder, with a slash at its end. */
export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url))

/** A Markdown file of the project and its address in the site, without slash and ending. */
export interface Page {
  readonly source: string
  readonly address: string
  /** Its name in the sidebar and in the browser’s tab, where its own heading is not enough. */
  readonly name?: string
}

interface Section {
  readonly title: string
  readonly pages: readonly Page[]
}

/** The order of the guides. One that is not named here comes after these. */
const GUIDE_ORDER = [
  'embed',
  'test',
  'measure',
  'tunnel-service',
  'command-line',
  'understand',
  'trouble',
  'limits',
]

const GUIDES_FOLDER = 'examples/guides'

const REPORTS_FOLDER = 'test/peers/reports'

export const GUIDES: readonly Page[] = namesIn(GUIDES_FOLDER)
  .toSorted((one, other) => rank(one) - rank(other))
  .map(name => ({ source: `${GUIDES_FOLDER}/${name}.md`, address: `guides/${name}` }))

/** All pages that come from Markdown files, as the sidebar lists them. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Start',
    pages: [
      { source: 'README.md', address: 'start', name: 'At a glance' },
      { source: '.config/docs/decode.md', address: 'decode', name: 'Decode a code' },
    ],
  },
  { title: 'Guides', pages: GUIDES },
  { title: 'Examples', pages: examples() },
  {
    title: 'Facts',
    pages: [
      { source: 'src/errors.md', address: 'errors' },
      { source: 'src/bluetooth.md', address: 'bluetooth' },
      { source: 'src/protocol.md', address: 'protocol', name: 'The protocol' },
      { source: 'src/session/states.md', address: 'states' },
      { source: 'src/security.md', address: 'security', name: 'Threats and defences' },
      { source: 'src/conform/README.md', address: 'conform', name: 'Conformance' },
      { source: 'fixtures/README.md', address: 'fixtures', name: 'Test vectors' },
      { source: 'bench/README.md', address: 'bench' },
      { source: 'bench/RESULTS.md', address: 'results' },
    ],
  },
  {
    title: 'Other implementations',
    pages: [
      { source: 'test/peers/README.md', address: 'peers' },
      { source: 'test/credentials/wpt.md', address: 'web-platform-tests' },
      ...namesIn(REPORTS_FOLDER).map(name => ({
        source: `${REPORTS_FOLDER}/${name}.md`,
        address: `peers/${name}`,
      })),
    ],
  },
  {
    title: 'Project',
    pages: [
      { source: 'CHANGELOG.md', address: 'changelog' },
      { source: 'src/stability.md', address: 'stability' },
      { source: '.github/CONTRIBUTING.md', address: 'contributing' },
      { source: 'src/README.md', address: 'map' },
      { source: 'src/adapters/README.md', address: 'adapters' },
      { source: '.github/SECURITY.md', address: 'reporting' },
      { source: 'TRIALS.md', address: 'trials' },
    ].filter(({ source }) => existsSync(ROOT + source)),
  },
]

const PAGES = SECTIONS.flatMap(({ pages }) => pages)

/** @param source a path in the project. */
export function pageOf(source: string): Page | undefined {
  return PAGES.find(page => page.source === source)
}

/** @param path of a page in the site: `guides/embed.md`. */
export function pageAt(path: string): Page | undefined {
  return PAGES.find(({ address }) => `${address}.md` === path)
}

function rank(guide: string): number {
  const place = GUIDE_ORDER.indexOf(guide)
  return place === -1 ? GUIDE_ORDER.length : place
}

function examples(): readonly Page[] {
  return filesIn('examples')
    .map(folder => ({ source: `examples/${folder}/README.md`, address: `examples/${folder}` }))
    .filter(({ source }) => existsSync(ROOT + source))
}

/** The names of the Markdown files in a folder, without their ending. */
function namesIn(folder: string): readonly string[] {
  return filesIn(folder)
    .filter(file => file.endsWith('.md'))
    .map(file => posix.basename(file, '.md'))
}

function filesIn(folder: string): readonly string[] {
  return existsSync(ROOT + folder) ? readdirSync(ROOT + folder).sort() : []
}

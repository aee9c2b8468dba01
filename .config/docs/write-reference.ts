import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Application, Converter, ReflectionKind } from 'typedoc'
import packageJson from '../../package.json' with { type: 'json' }
import { ENTRIES } from '../package-files.js'
import { ROOT } from './pages.js'
import { REFERENCE_FOLDER } from './write-pages.js'

/** The entry that is a program, and exports nothing. */
const PROGRAM = 'cli'

const SOURCES = Object.entries(ENTRIES).filter(([entry]) => entry !== PROGRAM)

/** What an entry is imported by, by the name that typedoc gives it: its path in `src`. */
const IMPORT_NAMES = new Map(
  SOURCES.map(([entry, source]) => [
    source.slice('src/'.length, -'.ts'.length),
    entry === 'index' ? packageJson.name : `${packageJson.name}/${entry}`,
  ]),
)

/** Writes the pages of the reference: one for each entry of the package, and one for each symbol. */
async function writeReference(): Promise<void> {
  const app = await Application.bootstrapWithPlugins({
    options: fileURLToPath(new URL('../typedoc.json', import.meta.url)),
    entryPoints: SOURCES.map(([, source]) => ROOT + source),
    out: REFERENCE_FOLDER,
  })
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const entry of project.getReflectionsByKind(ReflectionKind.Module))
      entry.name = IMPORT_NAMES.get(entry.name) ?? entry.name
  })
  const project = await app.convert()
  if (project === undefined) throw new Error('The reference cannot be made: see above')
  app.validate(project)
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error('The reference has gaps or dead links: see above')
  await app.generateOutputs(project)
}

if (!process.argv.includes('--if-missing') || !existsSync(REFERENCE_FOLDER)) await writeReference()

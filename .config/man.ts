import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createProgram } from '../src/cli/program.js'
import { manPage } from './man-page.js'

const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
const [, date = ''] = /^## \[\d.*\] - ([\d-]+)$/m.exec(await readFile('CHANGELOG.md', 'utf8')) ?? []
const program = await createProgram([], version, () => undefined)
await mkdir('dist/man', { recursive: true })
await writeFile('dist/man/fido-hybrid.1', manPage(program, version, date))

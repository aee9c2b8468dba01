import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { differences } from './api-differences.js'
import { makeReports, readReports } from './api-reports.js'

const FOLDER = '.config/api'

const made = await makeReports()
if (process.argv.includes('--check')) {
  const lines = differences(await readReports(FOLDER), made)
  process.stdout.write(`${lines.join('\n')}\n`)
  process.exitCode = lines.length > 1 ? 1 : 0
} else {
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER)
  for (const [name, text] of made) await writeFile(join(FOLDER, name), text)
}

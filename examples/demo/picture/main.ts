import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { alwaysApprove } from 'fido-hybrid/virtual'
import { runDemo } from '../demo.js'
import { jsonNarrator } from '../json-narrator.js'
import { drawDemo } from './draw.js'
import { readRun } from './run.js'

const HELP = `npm run demo:picture [-- OPTIONS]

Draws examples/demo/picture/demo.svg, the picture of the README, from the run of the demo that is kept beside it.

  --record   runs the demo first, and keeps that run
  --help     this text
`

const at = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

async function recordedRun(): Promise<string> {
  const startedAt = performance.now()
  let lines = ''
  const narrator = jsonNarrator({
    out: text => void (lines += text),
    err: () => undefined,
    elapsed: () => performance.now() - startedAt,
  })
  await runDemo({ narrator, consent: alwaysApprove(), signal: new AbortController().signal })
  return lines
}

const { values } = parseArgs({
  options: { record: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
})
if (values.help) process.stdout.write(HELP)
else {
  if (values.record) writeFileSync(at('recording.jsonl'), await recordedRun())
  writeFileSync(at('demo.svg'), `${drawDemo(readRun(readFileSync(at('recording.jsonl'), 'utf8')))}\n`)
}

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { encodeUtf8 } from '../../../src/bytes/utf8.js'
import { tracePage } from '../../../src/cli/inspect/trace-page.js'
import { traceText } from '../../../src/cli/inspect/trace-text.js'
import { createColors } from '../../../src/cli/text/colors.js'
import { nobleProvider } from '../../../src/crypto/noble-provider.js'
import { DecodeError, TunnelError, UnsupportedError, UsageError } from '../../../src/errors.js'
import { readTrace, replay } from '../../../src/trace.js'
import { unlessRefused } from '../invariants.js'
import { choosing } from '../target.js'
import type { FuzzTarget } from '../target.js'

const COLUMNS = 80

/** What can be read can be shown, harmlessly. */
function trace(input: Uint8Array): void {
  const runs = unlessRefused(() => readTrace(Buffer.from(input).toString()), DecodeError)
  if (runs === undefined) return
  const text = traceText(runs, createColors(false))
  assert.match(text, /^[^\p{C}]*(?:\n[^\p{C}]*)*$/u)
  for (const line of text.split('\n')) assert.ok(line.length <= COLUMNS, line)
  assert.doesNotMatch(tracePage(runs), /<script|\son\w+=/)
}

/** A recording is refused, departs or fits. */
function recording(input: Uint8Array): void {
  const played = (): unknown => replay(Buffer.from(input).toString(), nobleProvider)
  unlessRefused(played, DecodeError, TunnelError, UnsupportedError, UsageError)
}

const SESSION =
  '{"type":"session","session":1,"role":"client","kind":"qr-initiated","requestType":"mc","proximity":"bluetooth"}'

const TRACES = [
  ['{"type":"trace","format":1,"os":"linux","radio":"bluez"}', SESSION],
  [
    '{"type":"trace","format":1}',
    SESSION,
    '{"type":"step","session":1,"ms":4,"event":"scanning"}',
    '{"type":"dial","session":1,"ms":5,"to":"google","secure":true}',
    '{"type":"introduction","session":1,"ms":6,"features":["ctap"],"versions":["FIDO_2_1"],"others":1}',
    '{"type":"answer","session":1,"ms":7,"status":39,"bytes":1}',
    '{"type":"end","session":1,"ms":8,"heard":2,"errors":[{"code":"tunnel-refused","status":429,"stage":"tunnel"}]}',
    '{"type":"failure","name":"NotAllowedError","errors":[{"code":"tunnel-refused"},{"code":"ECONNREFUSED"}]}',
  ],
].map(lines => encodeUtf8(lines.map(line => `${line}\n`).join('')))

const RECORDING = readFileSync('fixtures/sessions/iphone.jsonl')

/** Traces and recordings come with reports of strangers. */
export const traces: FuzzTarget = {
  name: 'trace',
  about: 'traces and recordings, read, shown and replayed',
  maxBytes: 8192,
  words: ['"type":', '"session":1', '"ms":', '"errors":[{"code":"', '"sends":[', '"input":{"type":"'],
  ...choosing([
    { seeds: TRACES, run: trace },
    { seeds: [Uint8Array.from(RECORDING)], run: recording },
  ]),
}

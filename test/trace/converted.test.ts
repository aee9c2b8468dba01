import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { iosRecording } from '../support/converted-sessions.js'
import { iosTrace } from '../support/recorded-sessions.js'

it('the recording of the iPhone is that of its fixture', () => {
  const recording = readFileSync(new URL('../../fixtures/sessions/iphone.jsonl', import.meta.url), 'utf8')
  expect(recording).toBe(iosRecording(iosTrace()))
})

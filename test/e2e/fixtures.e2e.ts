import { mkdir, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { namedBlock } from '../support/pages.js'
import { runPlaywright } from './playwright-report.js'

const ROOT = new URL('../../', import.meta.url)
await mkdir(new URL('coverage/readme', ROOT), { recursive: true })
await writeFile(new URL('coverage/readme/fixture.spec.ts', ROOT), namedBlock('fixture.ts'))

const outcomes = await runPlaywright('test/e2e/bridged')

test('pages are bridged before anything opens in them, with their options', () => {
  const failed = outcomes.filter(({ status }) => status !== 'passed')
  expect(outcomes).toHaveLength(10)
  const messages = failed.map(({ message }) => message).join('\n')
  expect(
    failed.map(({ name }) => name),
    messages,
  ).toEqual([
    expect.stringContaining('fails, and its report tells why the request failed'),
    expect.stringContaining('fails without a request'),
  ])
})

test('the program of the README passes', () => {
  expect(outcomes.filter(({ name }) => name.endsWith('(readme)'))).toMatchObject([{ status: 'passed' }])
})

test('the report of a failed test tells why requests failed, and that of no other', () => {
  const told = outcomes.map(({ attachments }) => attachments.filter(({ name }) => name === 'passkeys'))
  const failed = outcomes.findIndex(({ name }) => name.includes('its report tells why the request failed'))
  expect(told.map(({ length }) => length)).toEqual(
    outcomes.map((_outcome, index) => (index === failed ? 1 : 0)),
  )
  const { contentType = '', body = '' } = told[failed]?.[0] ?? {}
  expect(contentType).toBe('text/plain')
  expect(Buffer.from(body, 'base64').toString()).toContain("code: 'peer-closed'")
})

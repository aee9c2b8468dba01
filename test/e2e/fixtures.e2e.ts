import { expect, test } from 'vitest'
import { runPlaywright } from './playwright-report.js'

const outcomes = await runPlaywright('test/e2e/fixtures')

test('pages are bridged before anything opens in them, with their options', () => {
  const failed = outcomes.filter(({ status }) => status !== 'passed')
  expect(outcomes).toHaveLength(9)
  const messages = failed.map(({ message }) => message).join('\n')
  expect(
    failed.map(({ name }) => name),
    messages,
  ).toEqual([
    expect.stringContaining('fails, and its report tells why the request failed'),
    expect.stringContaining('fails without a request'),
  ])
})

test('the report of a failed test tells why requests failed, and that of no other', () => {
  const told = outcomes.map(({ attachments }) => attachments.filter(({ name }) => name === 'passkeys'))
  const failed = outcomes.findIndex(({ name }) => name.endsWith('its report tells why the request failed'))
  expect(told.map(({ length }) => length)).toEqual(
    outcomes.map((_outcome, index) => (index === failed ? 1 : 0)),
  )
  const { contentType = '', body = '' } = told[failed]?.[0] ?? {}
  expect(contentType).toBe('text/plain')
  expect(Buffer.from(body, 'base64').toString()).toContain("code: 'peer-closed'")
})

import type { RegistrationResponseJSON } from 'fido-hybrid'
import { expect, test } from 'vitest'
import { Ceremony } from '../../examples/security-info/ceremony/ceremony.js'
import type { CeremonyWish } from '../../examples/security-info/wire/ceremony.js'

const WISH = { kind: 'create', device: 'phone', options: {} } as unknown as CeremonyWish
const ANSWER = { id: 'AAAA' } as RegistrationResponseJSON

/** A ceremony whose device has answered and waits for the site. */
async function answered(): Promise<{ ceremony: Ceremony; isAborted: () => boolean; release: () => void }> {
  let release = (): void => undefined
  const goodbye = new Promise<void>(resolve => (release = resolve))
  let isAborted = (): boolean => false
  const ceremony = new Ceremony(
    async (_wish, { signal, onResponse }) => {
      if (signal === undefined) throw new Error('the page is missing')
      isAborted = () => signal.aborted
      await onResponse(ANSWER)
      await goodbye
      return ANSWER
    },
    WISH,
    'http://localhost',
    undefined,
  )
  // The ceremony begins once the one before is over.
  while (ceremony.feed.state.answer === undefined) await Promise.resolve()
  return { ceremony, isAborted: () => isAborted(), release }
}

test('the page leaves after the site has accepted: the device still hears it', async () => {
  const { ceremony, isAborted, release } = await answered()
  const [judged, ended] = [ceremony.judge(true), ceremony.end('page-left')]
  expect(isAborted()).toBe(false)
  release()
  expect(await judged).toBe(true)
  await ended
  expect(ceremony.feed.state.outcome).toEqual({ response: ANSWER })
})

test('the page leaves before that: the device hears no goodbye, and a late verdict counts for nothing', async () => {
  const { ceremony, isAborted } = await answered()
  await ceremony.end('page-left')
  expect(isAborted()).toBe(true)
  expect(ceremony.feed.state.outcome).toMatchObject({ failure: { name: 'AbortError', code: 'page-left' } })
  expect(await ceremony.judge(true)).toBe(false)
})

test('the site refuses: the failure says so', async () => {
  const { ceremony } = await answered()
  expect(await ceremony.judge(false)).toBe(true)
  expect(ceremony.feed.state.outcome).toMatchObject({ failure: { code: 'site-refused' } })
})

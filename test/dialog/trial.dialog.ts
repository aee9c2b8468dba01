import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { nodePlatform } from '../../src/node.js'
import { useFolderPerTest } from '../support/test-folder.js'
import { playTrial } from '../support/trial-person.js'
import type { TrialPerson } from '../support/trial-person.js'
import { useOpenBrowser } from './open-browser.js'

/** What the person can do without leaving the chair. */
const STEPS = [
  ...['register', 'sign-in', 'allow-list', 'two-accounts', 'prf', 'excluded', 'refused'],
  ...['code-twice', 'large-request', 'digital-credential'],
]

const folder = useFolderPerTest()
/** Without Chromium’s question whether the site is trusted. */
const opened = useOpenBrowser({
  args: ['--enable-features=WebIdentityDigitalCredentials:dialog/no_dialog'],
})

interface Report {
  readonly steps: readonly { readonly name: string; readonly outcome: string }[]
}

/** A person who presses the button in Chromium, and gives what its own dialog shows. */
function personAtChromium(): TrialPerson {
  let page = ''
  return {
    platform: choice => {
      const { advertiser, dialer } = opened.browser.surroundings
      return { ...nodePlatform({ ...choice, advertiser }), dialer }
    },
    answer: async ({ step, text, screen }) => {
      const url = /http:\/\/localhost:\d+/.exec(screen)?.[0] ?? page
      if (url !== page) await opened.browser.page.goto((page = url))
      if (text.startsWith('Approve?')) {
        const grace = /^ {2}(\d): Grace/m.exec(screen)?.[1]
        return step === 'refused' ? 'n' : step === 'two-accounts' && text.includes('2 to') ? grace : 'y'
      }
      if (!text.startsWith('A screenshot')) return ''
      await opened.browser.page.getByRole('button', { name: 'Begin' }).click()
      return await opened.browser.nextCode()
    },
  }
}

test('a person at Chromium goes through the trial with our phone', async () => {
  const { tunnelUrl } = opened.browser.surroundings
  const own = ['--role', 'phone', '--page-port', '0', '--out', folder.at('trial'), '--wait', '3']
  const run = await playTrial(
    [...own, '--tunnel-url', tunnelUrl, '--steps', STEPS.join(',')],
    personAtChromium(),
  )
  const report = JSON.parse(await readFile(folder.at('trial', 'trial.json'), 'utf8')) as Report
  const done = report.steps.filter(({ outcome }) => outcome !== 'not-done')
  expect(done).toEqual(STEPS.map(name => expect.objectContaining({ name, outcome: 'passed' }) as unknown))
  expect(run.code).toBe(0)
}, 180_000)

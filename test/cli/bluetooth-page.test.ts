import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { cureOfCapabilities } from '../../src/cli/doctor/native-findings.js'
import { cureOfSandbox } from '../../src/cli/doctor/sandbox.js'
import { ADVERT_SERVICE_UUIDS, ERROR_CATALOGUE } from '../../src/index.js'
import { playedEnvironment } from '../support/played-environment.js'

const read = (path: string): string => readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8')
const PAGE = read('bluetooth.md')
const links = Array.from(PAGE.matchAll(/\]\(([^)#]*)#?([^)]*)\)/g), ([, file = '', anchor = '']) => ({
  file,
  anchor,
}))

test('every code of a radio links to its entry', () => {
  const linked = links.filter(({ file }) => file === 'errors.md').map(({ anchor }) => anchor)
  const simulated = ['air-not-loopback', 'proximity-unproven']
  const notRadio = ['listen-failed']
  // A radio that hears nothing, and a phone whose data channel has another framing.
  const ends = ['advert-timeout', 'handshake-timeout', 'peer-closed']
  const codes = Object.keys(ERROR_CATALOGUE.proximity).filter(code => !simulated.includes(code))
  expect(new Set(linked)).toEqual(
    new Set(
      [...codes, ...ends, ...Object.keys(ERROR_CATALOGUE.unsupported)].filter(
        code => !notRadio.includes(code),
      ),
    ),
  )
})

test('every link leads somewhere', () => {
  // test/markdown.test.ts looks after links within the page.
  for (const { file, anchor } of links.filter(each => each.file !== '')) {
    expect(existsSync(new URL(`../../src/${file}`, import.meta.url)), file).toBe(true)
    if (anchor !== '') expect(read(file), anchor).toMatch(new RegExp(`^#+ ${anchor}$`, 'm'))
  }
})

test('what has to be allowed is all that is listened for', () => {
  const full = ADVERT_SERVICE_UUIDS.map(uuid => `0000${uuid}-0000-1000-8000-00805f9b34fb`.toUpperCase())
  for (const uuid of full) expect(PAGE).toContain(`| \`${uuid}\``)
  expect(PAGE).toContain(`\n${full.map(uuid => `{${uuid}}`).join(';')}\n`)
})

test('the commands are those of doctor', () => {
  const setcap = cureOfCapabilities(
    playedEnvironment({ nodePath: '$(readlink -f $(which node))' }),
    undefined,
  )
  const sandboxes = [
    cureOfSandbox({ kind: 'flatpak', app: 'APP' }),
    cureOfSandbox({ kind: 'snap', app: 'APP' }),
  ]
  for (const cure of [setcap, ...sandboxes]) expect(PAGE).toContain(cure.replace('Run: ', ''))
  expect(PAGE).toContain('--volume /run/dbus/system_bus_socket:/run/dbus/system_bus_socket')
})

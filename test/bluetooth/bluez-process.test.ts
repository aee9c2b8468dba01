import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bluezScanner } from '../../src/adapters/bluez/bluez.js'
import { airProbe } from '../support/air-probe.js'
import { watchBus } from '../support/bus-monitor.js'
import { MockBluez } from '../support/mock-bluez.js'
import { startPrivateBus } from '../support/private-bus.js'
import type { PrivateBus } from '../support/private-bus.js'
import { Program } from '../support/program.js'

const PROGRAM = fileURLToPath(new URL('../support/bluez-user.ts', import.meta.url))
const ADVERT = '000102030405060708090a0b0c0d0e0f10111213'

let bus: PrivateBus
let bluez: MockBluez

beforeAll(async () => {
  bus = await startPrivateBus()
  bluez = await MockBluez.start(bus.address)
})

beforeEach(() => {
  bluez.reset()
})

afterAll(async () => {
  await bluez.stop()
  await bus.stop()
})

function program(...args: readonly string[]): Program {
  return new Program(PROGRAM, { args, env: { DBUS_SYSTEM_BUS_ADDRESS: bus.address } })
}

/** A module resolution in which the D-Bus package is not installed. */
const WITHOUT_PACKAGE = moduleText(`
  import { register } from 'node:module'
  register(${JSON.stringify(
    moduleText(`
      export function resolve(specifier, context, next) {
        if (specifier !== '@jellybrick/dbus-next') return next(specifier, context)
        throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
      }
    `),
  )})
`)

function moduleText(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`
}

describe('two processes on one bus', () => {
  it('hear each other, and end by themselves once stopped', async () => {
    const [laptop, phone] = [program('scan'), program('advertise', ADVERT)]
    await laptop.until(text => text.includes(ADVERT))
    await phone.until(text => text.includes('started'))
    for (const each of [laptop, phone]) each.type('stop\n')
    expect(await laptop.ending()).toMatchObject({
      code: 0,
      stdout: `started\n${ADVERT}\nstopped\n`,
      stderr: '',
    })
    expect(await phone.ending()).toMatchObject({ code: 0, stdout: 'started\nstopped\n', stderr: '' })
    expect([bluez.sessions, bluez.adverts]).toEqual([{}, {}])
  })

  it('leave nothing behind when they are killed', async () => {
    const [laptop, phone] = [program('scan'), program('advertise', ADVERT)]
    await laptop.until(text => text.includes(ADVERT))
    await phone.until(text => text.includes('started'))
    const monitor = await watchBus(bus.address)
    for (const each of [laptop, phone]) each.interrupt()
    await Promise.all([laptop.ending(), phone.ending()])
    await monitor.until(() => monitor.seen.filter(({ member }) => member === 'NameOwnerChanged').length >= 2)
    monitor.close()
    // Whatever the mock was told before it answers this, it has worked off.
    const probe = airProbe()
    const scan = bluezScanner({ adapter: 'hci0', busAddress: bus.address }).scan(probe)
    expect(await probe.next()).toBe('started')
    expect(Object.keys(bluez.sessions)).toEqual([expect.stringMatching(/^hci0 /)])
    expect(bluez.adverts).toEqual({})
    await scan.stop()
  })

  it('end by themselves after a failure', async () => {
    bluez.setPowered('hci1', false)
    const laptop = program('scan')
    await laptop.until(text => text.includes('failed bluetooth-off'))
    laptop.type('stop\n')
    expect(await laptop.ending()).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('without the D-Bus package', () => {
  it.each([['scan'], ['advertise', ADVERT]])(
    '%s fails with its name, and the process ends',
    async (...args) => {
      const user = new Program(PROGRAM, { args, env: { NODE_OPTIONS: `--import ${WITHOUT_PACKAGE}` } })
      await user.until(text => text.includes('failed package-missing'))
      user.type('stop\n')
      expect(await user.ending()).toMatchObject({ code: 0, stderr: '' })
    },
  )
})

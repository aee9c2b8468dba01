import { writeFile } from 'node:fs/promises'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from 'fido-hybrid'
import { createRelyingParty } from 'fido-hybrid/testing'
import { setPowered } from './adapter.js'
import { startChild } from './child.js'
import type { Child } from './child.js'
import { RP } from './relying-party.js'

const PROGRAM = '/app/node_modules/.bin/fido-hybrid'
const OPTIONS_FILE = 'options.json'
const LIMIT_S = '60'

interface Outcome {
  readonly response: unknown
  readonly phoneEvents: readonly string[]
}

/** Registers a passkey and signs in with it: tunnel service, laptop and phone are processes of the command line. */
export async function useCommandLine(): Promise<object> {
  const rp = await createRelyingParty(RP)
  const tunnel = start('tunnel', 'serve', '--port', '0')
  try {
    const tunnelUrl = String((await tunnel.event('listening'))['url'])
    const registration = await meet(tunnelUrl, 'register', await rp.creationOptions())
    const registered = await rp.register(registration.response as RegistrationResponseJSON)
    const signIn = await meet(tunnelUrl, 'login', await rp.requestOptions())
    const signedIn = await rp.signIn(signIn.response as AuthenticationResponseJSON)
    return {
      registered: registered.id,
      signedIn: signedIn.id,
      phoneEvents: [...registration.phoneEvents, ...signIn.phoneEvents],
    }
  } finally {
    await setPowered('hci0', true)
    tunnel.kill()
    await tunnel.end
  }
}

/**
 * `bluez` takes the first adapter that is on. The laptop must not take the phone’s, for no adapter hears itself: hci0 is
 * off until the laptop has chosen.
 */
async function meet(tunnelUrl: string, command: string, options: object): Promise<Outcome> {
  await writeFile(OPTIONS_FILE, JSON.stringify(options))
  await setPowered('hci0', false)
  const reach = ['--tunnel-url', tunnelUrl, '--timeout', LIMIT_S]
  const request = ['--options', OPTIONS_FILE, '--origin', RP.origin]
  const laptop = start('client', command, '--scan', 'bluez', ...request, ...reach)
  const { url } = await laptop.event('qr')
  await setPowered('hci0', true)
  const keep = ['--store', 'passkeys.json', '--consent', 'always']
  const phone = start('phone', 'scan', String(url), '--advertise', 'bluez', ...keep, ...reach)
  const codes = await Promise.all([laptop.end, phone.end])
  if (codes.some(code => code !== 0))
    throw new Error(
      `laptop and phone ended: ${JSON.stringify([laptop, phone].map(each => each.events.at(-1)))}`,
    )
  return {
    response: laptop.events.find(({ response }) => response !== undefined)?.['response'],
    phoneEvents: phone.events.map(({ event }) => event),
  }
}

function start(...args: readonly string[]): Child {
  return startChild(PROGRAM, [...args, '--json'])
}

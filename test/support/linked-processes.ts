import { writeFile } from 'node:fs/promises'
import { expect } from 'vitest'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '../../src/index.js'
import { createRelyingParty } from '../../src/testing.js'
import type { RelyingParty } from '../../src/testing.js'
import { makeCertificate } from './certificate.js'
import type { CliEvent, CliProcess, StartCli } from './cli.js'
import { useAir } from './surroundings.js'
import type { TestFolder } from './test-folder.js'

const ORIGIN = 'https://login.example.com'

/** A laptop and a phone as processes, around a tunnel service over TLS, with all that they keep in one folder. */
export interface LinkedProcesses {
  readonly tunnel: CliProcess
  readonly tunnelUrl: string
  readonly rp: RelyingParty
  /** The URL of the air. */
  readonly air: string
  /** Starts a registration or a sign-in. */
  client(command: 'register' | 'login', ...args: readonly string[]): Promise<CliProcess>
  /** Starts `phone scan` or `phone serve`. */
  phone(...args: readonly string[]): CliProcess
  /** Registers by QR code, and is linked afterwards. @returns what each process told. */
  link(...args: readonly string[]): Promise<{ client: CliProcess; phone: CliProcess }>
  /** What the relying party says of the response of a client that succeeded: the credential ID. */
  verified(client: CliProcess): Promise<string>
}

/** Call it at the top of a test file. */
export function useLinkedProcesses(start: StartCli, folder: TestFolder): () => Promise<LinkedProcesses> {
  const air = useAir()
  return async () => {
    const { cert, key, ca } = await makeCertificate()
    const files = Object.entries({ cert, key, ca })
    await Promise.all(files.map(([name, pem]) => writeFile(folder.at(`${name}.pem`), pem)))
    const identity = ['--tls-cert', folder.at('cert.pem'), '--tls-key', folder.at('key.pem')]
    const tunnel = start('tunnel', 'serve', '--port', '0', ...identity)
    const tunnelUrl = String((await tunnel.event('listening'))['url'])
    const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
    return linkedProcesses({ start, folder, tunnel, tunnelUrl, rp, air: air.url })
  }
}

type Parts = Pick<LinkedProcesses, 'tunnel' | 'tunnelUrl' | 'rp' | 'air'> & {
  readonly start: StartCli
  readonly folder: TestFolder
}

function linkedProcesses({ start, folder, ...shared }: Parts): LinkedProcesses {
  const { rp, tunnelUrl, air } = shared
  const trust = ['--tls-ca', folder.at('ca.pem')]
  const client: LinkedProcesses['client'] = async (command, ...args) => {
    const options = command === 'register' ? await rp.creationOptions() : await rp.requestOptions()
    await writeFile(folder.at('options.json'), JSON.stringify(options))
    const request = ['--options', folder.at('options.json'), '--origin', ORIGIN, '--scan', `air:${air}`]
    return start('client', command, ...request, '--store', folder.at('links.json'), ...trust, ...args)
  }
  const phone: LinkedProcesses['phone'] = (...args) => {
    const reach = ['--tunnel-url', tunnelUrl, ...trust, '--advertise', `air:${air}`]
    return start('phone', ...args, '--store', folder.at('passkeys.json'), '--consent', 'always', ...reach)
  }
  return {
    ...shared,
    client,
    phone,
    link: async (...args) => {
      const laptop = await client('register', '--remember', '--tunnel-url', tunnelUrl)
      const scanning = phone('scan', String((await laptop.event('qr'))['url']), '--link', ...args)
      expect([(await laptop.end).code, (await scanning.end).code]).toEqual([0, 0])
      return { client: laptop, phone: scanning }
    },
    verified: async laptop => {
      const { code, events, stderr } = await laptop.end
      expect({ code, stderr }).toEqual({ code: 0, stderr })
      return (await verify(rp, events)).id
    },
  }
}

async function verify(rp: RelyingParty, events: readonly CliEvent[]): Promise<{ readonly id: string }> {
  const answer = events.find(({ event }) => event === 'credential' || event === 'assertion')
  return answer?.event === 'credential'
    ? await rp.register(answer['response'] as RegistrationResponseJSON)
    : await rp.signIn(answer?.['response'] as AuthenticationResponseJSON)
}

import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { CREATION_OPTIONS } from '../support/ceremony-inputs.js'
import { useCli } from '../support/cli.js'
import type { CliEvent, CliProcess } from '../support/cli.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { useAir, useTunnelService } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'
import { watchWire } from '../support/watched-wire.js'

/** The WebSocket’s request, Noise message 1 and the CTAP2 request: what follows is the goodbye. */
const PIECES_BEFORE_GOODBYE = 3

const OPTIONS = { ...CREATION_OPTIONS, authenticatorSelection: { residentKey: 'required' } }

const folder = useFolderPerTest()
const air = useAir()
const service = useTunnelService()
const start = useCli()

const store = (): string[] => ['--store', folder.at('passkeys.json')]
const phone = (...args: readonly string[]): Promise<CliRun> => runHere(['phone', ...args, ...store()])

async function register(
  options: object,
  tunnelUrl = service.url,
): Promise<{ client: CliProcess; scanning: CliProcess }> {
  await writeFile(folder.at('options.json'), JSON.stringify(options))
  const request = ['--options', folder.at('options.json'), '--origin', 'https://login.example.com']
  const client = start(
    'client',
    'register',
    ...request,
    '--scan',
    `air:${air.url}`,
    '--tunnel-url',
    tunnelUrl,
  )
  const { url } = await client.event('qr')
  const reach = ['--advertise', `air:${air.url}`, '--tunnel-url', service.url]
  const scanning = start('phone', 'scan', String(url), '--consent', 'always', ...store(), ...reach)
  return { client, scanning }
}

/** The laptop has the answer, and is killed before its goodbye arrives. */
async function registerAndKill(): Promise<{ id: string; events: readonly CliEvent[]; stderr: string }> {
  let pieces = 0
  const wire = await watchWire(
    Number(new URL(service.url).port),
    from => from === 'service' || ++pieces <= PIECES_BEFORE_GOODBYE,
  )
  const { client, scanning } = await register(OPTIONS, wire.url)
  const { response } = await client.event('credential')
  client.send('SIGKILL')
  const { code, events, stderr } = await scanning.end
  await wire.close()
  expect(code).toBe(0)
  return { id: (response as { id: string }).id, events, stderr }
}

test('a passkey whose laptop was killed after the answer is marked, and can be accepted and deleted', async () => {
  const { id, events, stderr } = await registerAndKill()
  expect(events.at(-1)).toMatchObject({ event: 'unconfirmed', rpId: 'example.com', credentialId: id })
  expect(stderr).toContain('the laptop never confirmed the passkey for ada at example.com')
  expect((await phone('list')).stdout).toMatch(new RegExp(`^${id}.* never confirmed\n$`))
  expect((await phone('show', id)).stdout).toMatch(/^confirmed +false$/m)
  expect((await phone('accept', id)).stdout).toContain(`accepted ${id}`)
  expect(eventsOf(await phone('list', '--json'))).toMatchObject([{ credentialId: id, confirmed: true }])
  expect((await phone('delete', id, '--yes')).stdout).toContain(`deleted ${id}`)
  expect(eventsOf(await phone('list', '--json'))).toEqual([])
})

test('a retry that meets it explains itself, and replaces it where the relying party does not exclude it', async () => {
  const { id } = await registerAndKill()
  const excludeCredentials = [{ type: 'public-key', id }]
  const excluded = await register({ ...OPTIONS, excludeCredentials })
  const refused = await excluded.scanning.end
  expect(refused.events).toContainEqual({
    event: 'already-unconfirmed',
    operation: 'already-registered',
    rpId: 'example.com',
    credentialId: id,
  })
  expect(refused.stderr).toContain(`already on this phone, never confirmed: delete it or accept it (${id})`)
  expect((await excluded.client.end).events.at(-1)).toMatchObject({ name: 'InvalidStateError' })

  const again = await register(OPTIONS)
  const { events } = await again.scanning.end
  const met = { event: 'already-unconfirmed', operation: 'register', credentialId: id }
  expect(events).toContainEqual(expect.objectContaining(met))
  const [passkey, ...others] = eventsOf(await phone('list', '--json'))
  expect(passkey).toMatchObject({ confirmed: true })
  expect(passkey?.['credentialId']).not.toBe(id)
  expect(others).toEqual([])
})

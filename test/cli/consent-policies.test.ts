import { describe, expect, test } from 'vitest'
import { airScanner } from '../../src/adapters/air/air-client.js'
import { HybridClient } from '../../src/index.js'
import type { CeremonyOptions } from '../../src/index.js'
import { nodePlatform } from '../../src/node.js'
import { CREATION_OPTIONS } from '../support/ceremony-inputs.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'
import { useAir, useTunnelService } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const air = useAir()
const service = useTunnelService()

/** A laptop’s ceremony with a phone whose user is this policy. */
async function meet<Response>(
  consent: string,
  ceremony: (client: HybridClient, options: CeremonyOptions) => Promise<Response>,
): Promise<{ run: CliRun; outcome: PromiseSettledResult<Response> }> {
  const client = new HybridClient({
    ...nodePlatform({ scanner: airScanner(air.url) }),
    tunnelUrl: service.url,
  })
  const patience = new AbortController()
  const reach = ['--advertise', `air:${air.url}`, '--tunnel-url', service.url]
  let running: Promise<CliRun> | undefined
  const onQr = ({ url }: { url: string }): void => {
    const own = ['--consent', consent, '--store', folder.at('passkeys.json'), '--json']
    const onStdout = (text: string): void => {
      if (consent === 'ignore' && text.includes('"awaiting-user"')) patience.abort()
    }
    running = runHere(['phone', 'scan', url, ...reach, ...own], { onStdout })
  }
  const options = { origin: 'https://login.example.com', onQr, signal: patience.signal }
  const [outcome] = await Promise.allSettled([ceremony(client, options)])
  if (running === undefined) throw new Error('no QR code was shown')
  return { run: await running, outcome }
}

const register = (client: HybridClient, options: CeremonyOptions): Promise<unknown> =>
  client.create(CREATION_OPTIONS, options)

describe('--consent', () => {
  test.each([
    ['never', 1, { event: 'error', code: 'aborted' }, { name: 'NotAllowedError', code: 'peer-closed' }],
    ['deny', 1, { event: 'error', code: 'aborted' }, { name: 'NotAllowedError', code: 'ctap-error' }],
    ['ignore', 1, { event: 'error', code: 'peer-closed' }, { name: 'AbortError' }],
    ['fail-verification', 0, { event: 'closed' }, { name: 'NotAllowedError', code: 'ctap-error' }],
  ])('%s keeps nothing', async (consent, code, last, reason) => {
    const { run, outcome } = await meet(consent, register)
    expect(outcome).toMatchObject({ status: 'rejected', reason })
    expect(run.code).toBe(code)
    expect(eventsOf(run).at(-1)).toMatchObject(last)
    expect(await folder.names()).toEqual([])
  })

  test.each([
    ['account:ada', 'ada'],
    ['account:#1', 'bob'],
    ['account:#2', 'ada'],
    ['account:cay', undefined],
    ['account:#3', undefined],
  ])('%s signs in as %s', async (consent, name) => {
    for (const [id, user] of [
      ['AQ', 'ada'],
      ['Ag', 'bob'],
    ] as const) {
      const options = {
        ...CREATION_OPTIONS,
        user: { id, name: user, displayName: user },
        authenticatorSelection: { residentKey: 'required' },
      }
      await meet(consent, (client, ceremony) => client.create(options, ceremony))
    }
    const request = { challenge: CREATION_OPTIONS.challenge, rpId: 'example.com' }
    const { run } = await meet(consent, (client, ceremony) => client.get(request, ceremony))
    const signedIn = eventsOf(run).find(({ event }) => event === 'signed-in')
    expect(signedIn?.['userName']).toBe(name)
  })
})

import { onTestFinished } from 'vitest'
import { airAdvertiser } from '../../src/adapters/air/air-client.js'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import { HybridAuthenticator } from '../../src/index.js'
import type { RegistrationResponseJSON } from '../../src/index.js'
import { nodePlatform } from '../../src/node.js'
import { serveTunnel } from '../../src/service.js'
import { createRelyingParty } from '../../src/testing.js'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from '../../src/virtual.js'

const RP_ID = 'example.com'

/** What `register` of `programs/page.js` gets: WebAuthn’s options, and where things are. */
interface PageRequest {
  readonly options: unknown
  readonly surroundings: {
    readonly origin: string
    readonly appRpIds?: readonly string[] | undefined
    readonly tunnelUrl: string
    readonly airUrl: string
  }
}

/** A relying party, a tunnel service, and a phone near the page. */
export interface PageCeremony {
  readonly request: PageRequest
  /** A phone reads the code. */
  readonly scan: (url: string) => void
  /** Verifies what the page came to, and waits until the phone is done. */
  readonly verify: (response: unknown) => Promise<void>
}

/** What is around a page or worker of that origin, for the length of a test. @param isApp vouch for an origin that is no website’s. */
export async function aroundPage(origin: string, isApp = false): Promise<PageCeremony> {
  const [service, hub] = await Promise.all([
    serveTunnel({ port: 0 }),
    serveAirHub({ port: 0, origins: [origin] }),
  ])
  onTestFinished(async () => {
    await Promise.all([service.close(), hub.close()])
  })
  const platform = nodePlatform({ advertiser: airAdvertiser(hub.url) })
  const store = new MemoryCredentialStore()
  const handler = new VirtualAuthenticator({ store, consent: alwaysApprove(), random: platform.random })
  const phone = new HybridAuthenticator({ ...platform, handler, tunnelUrl: service.url })
  const rp = await createRelyingParty({ origin, rpId: RP_ID })
  const scans: Promise<unknown>[] = []
  const appRpIds = isApp ? [RP_ID] : undefined
  return {
    request: {
      options: await rp.creationOptions(),
      surroundings: { origin, appRpIds, tunnelUrl: service.url, airUrl: hub.url },
    },
    scan: url => void scans.push(phone.scan(url, { source: 'camera' })),
    async verify(response) {
      await rp.register(response as RegistrationResponseJSON)
      await Promise.all(scans)
    },
  }
}

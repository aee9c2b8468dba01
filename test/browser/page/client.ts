import { systemRandom } from '../../../src/adapters/system/system.js'
import { webAirScanner } from '../../../src/adapters/air/web-air.js'
import { webSocketDialer } from '../../../src/adapters/web-socket/web-socket.js'
import type { WebSocketDialerOptions } from '../../../src/adapters/web-socket/web-socket.js'
import { HybridAuthenticator, HybridClient, HybridError } from '../../../src/index.js'
import type {
  AuthenticationResponseJSON,
  CeremonyOptions,
  ProgressEvent,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '../../../src/index.js'
import { MemoryCredentialStore, VirtualAuthenticator, alwaysApprove } from '../../../src/virtual.js'
import { webPlatform } from '../../../src/web.js'

/** Where the page’s laptop finds things. */
export interface Surroundings {
  readonly tunnelUrl: string
  readonly airUrl: string
  readonly origin: string
}

type ShowQr = (url: string) => void

/** A response for the relying party, and how the client came to it. */
export interface Ceremony<Response> {
  readonly response: Response
  readonly progress: readonly Pick<ProgressEvent, 'event' | 'proximity'>[]
}

export function create(
  options: PublicKeyCredentialCreationOptionsJSON,
  surroundings: Surroundings,
  show: ShowQr,
): Promise<Ceremony<RegistrationResponseJSON>> {
  return perform(surroundings, show, (client, ceremony) => client.create(options, ceremony))
}

export function get(
  options: PublicKeyCredentialRequestOptionsJSON,
  surroundings: Surroundings,
  show: ShowQr,
): Promise<Ceremony<AuthenticationResponseJSON>> {
  return perform(surroundings, show, (client, ceremony) => client.get(options, ceremony))
}

async function perform<Response>(
  { tunnelUrl, airUrl, origin }: Surroundings,
  show: ShowQr,
  run: (client: HybridClient, ceremony: CeremonyOptions) => Promise<Response>,
): Promise<Ceremony<Response>> {
  const progress: Pick<ProgressEvent, 'event' | 'proximity'>[] = []
  const client = new HybridClient({ ...webPlatform({ scanner: webAirScanner(airUrl) }), tunnelUrl })
  const response = await run(client, {
    origin,
    onQr: qr => {
      show(qr.url)
    },
    onProgress: ({ event, proximity }) => {
      progress.push({ event, proximity })
    },
  })
  return { response, progress }
}

/** Dials, and sends each message that it gets back. @returns the words of what the tunnel told. */
export function dial(url: string, options: WebSocketDialerOptions = {}): Promise<readonly string[]> {
  const told: string[] = []
  return new Promise(resolve => {
    const end = (word: string): void => {
      told.push(word)
      void tunnel.close().then(() => {
        resolve(told)
      })
    }
    const request = { url, subprotocol: 'fido.cable', headers: {} }
    const tunnel = webSocketDialer(options).dial(request, {
      open: ({ size }) => told.push(`open with ${size} headers`),
      message: bytes => {
        told.push(`message of ${bytes.length}`)
        tunnel.send(bytes)
      },
      closed: ({ code, reason }) => {
        end(`closed ${code} ${reason}`)
      },
      failed: error => {
        end(`failed ${codesOf(error).join(' because ')}`)
      },
    })
  })
}

/** A page as the phone. @returns the code that its attempt fails with. */
export async function scanAsPhone(qr: string): Promise<readonly string[]> {
  const store = new MemoryCredentialStore()
  const handler = new VirtualAuthenticator({ store, consent: alwaysApprove(), random: systemRandom })
  const advertiser = { proximity: 'simulated', advertise: () => ({ stop: () => Promise.resolve() }) } as const
  const platform = webPlatform({ scanner: webAirScanner('ws://127.0.0.1') })
  const phone = new HybridAuthenticator({ ...platform, advertiser, handler, allowUnprovenProximity: true })
  // The code was recorded long ago.
  return phone.scan(qr, { source: 'camera', maxQrAgeSeconds: Infinity }).then(
    () => [],
    (error: unknown) => codesOf(error),
  )
}

function codesOf(error: unknown): readonly string[] {
  return error instanceof HybridError ? [error.code, ...codesOf(error.cause)] : []
}

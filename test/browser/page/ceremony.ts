import {
  AuthenticatorSession,
  ClientSession,
  qrAuthenticatorTransaction,
  qrClientTransaction,
} from '../../../src/session.js'
import type { AuthenticatorOutput, ClientOutput } from '../../../src/session.js'
import { decodeQrUrl, encodeHex, encodeQrUrl, qrSecret, tunnelServiceId } from '../../../src/wire.js'
import type { CryptoProvider } from '../../../src/wire.js'
import { chromiumCreate } from '../../ctap/recorded.js'

const [IDENTITY, CLIENT_EPHEMERAL, PHONE_EPHEMERAL] = [1, 2, 3] as const
const HEADERS = new Map([['x-cable-routing-id', ['0a0b0c']]])

interface Sessions {
  readonly client: ClientSession
  readonly phone: AuthenticatorSession
}

/**
 * A registration between the sessions of both roles, with fixed keys, and with the recorded request and response of
 * Chromium 156.
 * @returns what went over QR code, air and tunnel, in order.
 */
export function speakCeremony(crypto: CryptoProvider): readonly string[] {
  const spoken: string[] = []
  const sessions = sessionsOf(crypto, spoken)
  const hear = (by: keyof Sessions, outputs: readonly (ClientOutput | AuthenticatorOutput)[]): void => {
    for (const output of outputs) {
      const bytes =
        'bytes' in output ? output.bytes : 'serviceData' in output ? output.serviceData : undefined
      if (bytes !== undefined) spoken.push(`${by} ${output.type} ${encodeHex(bytes)}`)
      if (output.type === 'dial') spoken.push(`${by} dial ${output.request.url}`)
      if (output.type === 'closed') spoken.push(`${by} closed ${output.error?.code ?? 'in good order'}`)
      hear(...react(sessions, by, output))
    }
  }
  hear('client', sessions.client.step({ type: 'start' }, 0))
  hear('phone', sessions.phone.step({ type: 'start' }, 0))
  return spoken
}

/** What the other session, or the world, makes of an output. */
function react(
  { client, phone }: Sessions,
  by: keyof Sessions,
  output: ClientOutput | AuthenticatorOutput,
): [by: keyof Sessions, outputs: readonly (ClientOutput | AuthenticatorOutput)[]] {
  switch (output.type) {
    case 'dial':
      return [by, (by === 'client' ? client : phone).step({ type: 'tunnel-open', headers: HEADERS }, 0)]
    case 'advertise':
      return ['client', client.step({ type: 'advert', serviceData: output.serviceData }, 0)]
    case 'send': {
      const input = { type: 'tunnel-message', bytes: output.bytes } as const
      return by === 'client' ? ['phone', phone.step(input, 0)] : ['client', client.step(input, 0)]
    }
    case 'connected':
      return ['client', client.step({ type: 'request', message: chromiumCreate.request }, 0)]
    case 'request':
      return ['phone', phone.step({ type: 'answer', message: chromiumCreate.response }, 0)]
    case 'response':
      return ['client', client.step({ type: 'close' }, 0)]
    default:
      return [by, []]
  }
}

function sessionsOf(crypto: CryptoProvider, spoken: string[]): Sessions {
  const key = (last: number): ReturnType<CryptoProvider['importEcdhKey']> =>
    crypto.importEcdhKey(new Uint8Array(32).fill(1).with(31, last))
  const secret = qrSecret(new Uint8Array(16).fill(7))
  const identity = key(IDENTITY)
  const qr = encodeQrUrl({
    publicKey: identity.publicKey,
    secret,
    knownTunnelServices: 2,
    requestType: 'mc',
  })
  spoken.push(`client shows ${qr}`)
  const payload = decodeQrUrl(qr)
  return {
    client: new ClientSession({
      transaction: qrClientTransaction({ crypto, identity, secret }),
      ephemeral: key(CLIENT_EPHEMERAL),
      now: 0,
    }),
    phone: new AuthenticatorSession({
      transaction: qrAuthenticatorTransaction({ crypto, payload, tunnelServiceId: tunnelServiceId(0) }),
      ephemeral: key(PHONE_EPHEMERAL),
      advertNonce: new Uint8Array(10),
      getInfo: chromiumCreate.getInfo,
      now: 0,
    }),
  }
}

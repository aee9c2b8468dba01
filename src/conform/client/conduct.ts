import { nodeCryptoProvider } from '../../adapters/node-crypto/node-crypto.js'
import { equalBytes } from '../../bytes/bytes.js'
import { decodedOrUndefined } from '../../bytes/decoded.js'
import { decodeGetAssertionRequest } from '../../ctap/get-assertion.js'
import { decodeMakeCredentialRequest } from '../../ctap/make-credential.js'
import { decodeMessage } from '../../message/message.js'
import type { Message } from '../../message/message.js'
import { decodeQrUrl } from '../../qr/url.js'
import { clientDataOf, memberOf, ORIGIN } from './ceremony.js'
import type { CeremonyOfClient } from './ceremony.js'
import type { SeenOfClient } from './client-scene.js'

/** Finds what is wrong with what was seen of a client; undefined where nothing is. */
export type ClientCheck = (seen: SeenOfClient, ceremony: CeremonyOfClient) => string | undefined

const MINUTES_10 = 600
const MS = 1000

/** The messages of the client that can be read. */
const messagesOf = ({ side }: SeenOfClient): readonly Message[] =>
  side.plaintexts.flatMap(plaintext => decodedOrUndefined(() => decodeMessage(plaintext)) ?? [])

const requestsOf = (seen: SeenOfClient): readonly Uint8Array[] =>
  messagesOf(seen).flatMap(message => (message.type === 'ctap' ? [message.payload] : []))

export const saysGoodbye: ClientCheck = seen =>
  messagesOf(seen).at(-1)?.type === 'shutdown' ? undefined : 'the last message of the client is no shutdown'

export const asksOnce: ClientCheck = seen => {
  const count = requestsOf(seen).length
  return count === 1 ? undefined : `${count} requests instead of one`
}

/** The request is canonical CBOR with the members of its command, and of the ceremony that was asked for. */
export const asksAsTold: ClientCheck = (seen, { operation }) => {
  const [request] = requestsOf(seen)
  if (request === undefined) return 'no request'
  try {
    const rpId =
      operation === 'register'
        ? decodeMakeCredentialRequest(request).rp.id
        : decodeGetAssertionRequest(request).rpId
    return rpId === new URL(ORIGIN).hostname ? undefined : `a request for the relying party ${rpId}`
  } catch (error) {
    return `a request that cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Maps in requests have `id` and `type` alone; phones answer “no passkeys” to more (protocol.md 15.5). */
export const namesAllowed =
  (credentialId: Uint8Array): ClientCheck =>
  seen => {
    const [request] = requestsOf(seen)
    const allowed = request && decodedOrUndefined(() => decodeGetAssertionRequest(request))?.allowList
    const isNamed = allowed?.some(({ id }) => equalBytes(id, credentialId)) === true
    return isNamed ? undefined : 'a request without the credential that the relying party allows'
  }

/** The hash that the phone signed is that of the client data that the relying party gets, and these are right. */
export const hashesClientData: ClientCheck = (seen, { operation, challenge }) => {
  const data = clientDataOf(seen.result)
  const [request] = requestsOf(seen)
  if (data === undefined || request === undefined) return 'a RESULT without response.clientDataJSON'
  const hash = clientDataHash(request, operation)
  if (hash === undefined || !equalBytes(hash, nodeCryptoProvider.sha256(data)))
    return 'the client data hash of the request is not that of clientDataJSON'
  return wrongMember(data, { type: `webauthn.${operation === 'register' ? 'create' : 'get'}`, challenge })
}

function clientDataHash(
  request: Uint8Array,
  operation: CeremonyOfClient['operation'],
): Uint8Array | undefined {
  return decodedOrUndefined(() =>
    operation === 'register'
      ? decodeMakeCredentialRequest(request).clientDataHash
      : decodeGetAssertionRequest(request).clientDataHash,
  )
}

function wrongMember(
  data: Uint8Array,
  expected: Readonly<Record<'type' | 'challenge', string>>,
): string | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(data))
    const wanted = Object.entries({ ...expected, origin: ORIGIN })
    const wrong = wanted.find(([name, value]) => memberOf(json, name) !== value)
    return wrong && `client data with another ${wrong[0]}`
  } catch {
    return 'client data that is not JSON'
  }
}

/** What the QR code says (protocol.md 3.2). */
export const showsCode: ClientCheck = ({ qrUrl = '' }) =>
  decodedOrUndefined(() => decodeQrUrl(qrUrl)) === undefined ? 'a QR code that cannot be read' : undefined

/** Old phones take a code without key 4 for one of caBLE v2.0 (protocol.md 1.1). */
export const saysWhetherItLinks: ClientCheck = ({ qrUrl = '' }) =>
  decodedOrUndefined(() => decodeQrUrl(qrUrl))?.supportsLinking === undefined
    ? 'a QR code without key 4'
    : undefined

export const saysWhatFor: ClientCheck = ({ qrUrl = '' }, { operation }) => {
  const type = decodedOrUndefined(() => decodeQrUrl(qrUrl))?.requestType
  const wanted = operation === 'register' ? 'mc' : 'ga'
  return type === wanted ? undefined : `key 5 is ${type ?? 'missing'}, not ${wanted}`
}

/** Older phones refuse a code with key 6 (protocol.md 16.2). */
export const offersNoChannel: ClientCheck = ({ qrUrl = '' }) =>
  decodedOrUndefined(() => decodeQrUrl(qrUrl))?.dataChannels === undefined
    ? undefined
    : 'a QR code with key 6'

/** Readers take no other lists (protocol.md 16.2). */
export const offersBothChannels: ClientCheck = ({ qrUrl = '' }) => {
  const channels = decodedOrUndefined(() => decodeQrUrl(qrUrl))?.dataChannels
  return channels?.join() === BOTH_CHANNELS ? undefined : `key 6 is ${channels?.join() ?? 'missing'}, not 0,1`
}
const BOTH_CHANNELS = '0,1'

export const leavesChannel: ClientCheck = ({ hasLeftChannel }) =>
  hasLeftChannel ? undefined : 'the channel was kept'

export const countsServices: ClientCheck = ({ qrUrl = '' }) => {
  const count = decodedOrUndefined(() => decodeQrUrl(qrUrl))?.knownTunnelServices ?? 0
  return count >= 2 ? undefined : `key 2 says ${count} tunnel services, and there are 2`
}

export const tellsTime: ClientCheck = ({ qrUrl = '' }) => {
  const time = decodedOrUndefined(() => decodeQrUrl(qrUrl))?.time
  if (time === undefined) return 'a QR code without key 3'
  return Math.abs(Date.now() / MS - time) < MINUTES_10 ? undefined : 'key 3 is not the time'
}

export const writesUpperCase: ClientCheck = ({ qrUrl = '' }) =>
  qrUrl.startsWith('FIDO:/') ? undefined : 'the text of the QR code does not begin with FIDO:/ in upper case'

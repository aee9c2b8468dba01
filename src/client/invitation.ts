import { ASSIGNED_TUNNEL_SERVICES, QR_SECRET_BYTES, qrSecret } from '../bytes/brands.js'
import { wipeBytes } from '../bytes/bytes.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { making } from '../driver/making.js'
import type { SessionTrace } from '../driver/session-trace.js'
import type { Clock, Random } from '../ports/clock.js'
import { writtenChannels } from '../qr/data-channel.js'
import type { DataChannelChoice } from '../qr/data-channel.js'
import type { RequestType } from '../qr/payload.js'
import { carriedFor } from '../qr/request-type.js'
import { encodeQrUrl } from '../qr/url.js'
import { qrClientTransaction } from '../session/client-transaction.js'
import type { ClientTransaction } from '../session/client-transaction.js'

/** A QR code, and the transaction with the phone that reads it. */
export interface Invitation {
  /** What the code says. */
  readonly url: string
  readonly transaction: ClientTransaction
}

/** What a client invites phones with. */
export interface InvitationOptions {
  readonly crypto: CryptoProvider
  readonly random: Random
  readonly clock: Clock
  readonly tunnelUrl?: string | undefined
  /** Where links are kept, if they are. */
  readonly links?: unknown
}

/** What a client invites phones to. */
export interface InvitationPurpose {
  readonly requestType?: RequestType | undefined
  readonly trace?: SessionTrace | undefined
  readonly dataChannel: DataChannelChoice
}

/** Makes a QR code with a key pair and a secret of its own. */
export function invite(
  { crypto, random, clock, tunnelUrl, links }: InvitationOptions,
  { requestType = 'ga', trace, dataChannel }: InvitationPurpose,
): Invitation {
  const asksForLink = links !== undefined && carriedFor(requestType) === 'ctap'
  const identity = crypto.generateEcdhKey()
  const secret = qrSecret(random.bytes(QR_SECRET_BYTES))
  const url = encodeQrUrl({
    publicKey: identity.publicKey,
    secret,
    knownTunnelServices: ASSIGNED_TUNNEL_SERVICES,
    time: clock.epochSeconds(),
    supportsLinking: asksForLink,
    requestType,
    dataChannels: writtenChannels(dataChannel),
  })
  const made = { crypto, identity, secret, tunnelUrl, asksForLink, dataChannel }
  const transaction = making(trace, qrClientTransaction, made)
  wipeBytes(secret)
  return { url, transaction }
}

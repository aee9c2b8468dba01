import { encodeBase64url } from '../../bytes/base64url.js'
import type { StoredCredential } from '../../ports/credential-store.js'
import type { ConsentOperation } from '../../virtual/consent.js'
import { algorithmText } from './algorithm-names.js'
import { dayOf, isoTime } from './iso-time.js'
import { printable, printableRpId } from './printable.js'

/** What programs learn of a passkey: everything but the private key. */
export interface PasskeyEvent {
  readonly event: 'passkey' | 'renamed' | 'deleted' | 'accepted'
  /** base64url. */
  readonly credentialId: string
  readonly rpId: string
  readonly rpName: string
  /** base64url. */
  readonly userId: string
  readonly userName: string
  readonly userDisplayName: string
  readonly discoverable: boolean
  /** COSE algorithm identifier. */
  readonly algorithm: number
  readonly signCount: number
  /** ISO 8601, or milliseconds beyond what that can say. */
  readonly createdAt: string
  /** False: the relying party may not know this passkey. */
  readonly confirmed: boolean
}

export function passkeyEvent(event: PasskeyEvent['event'], passkey: StoredCredential): PasskeyEvent {
  const { credentialId, userId, createdAt, rpId, rpName, userName, userDisplayName } = passkey
  const { discoverable, algorithm, signCount, confirmed } = passkey
  return {
    event,
    credentialId: encodeBase64url(credentialId),
    rpId,
    rpName,
    userId: encodeBase64url(userId),
    userName,
    userDisplayName,
    discoverable,
    algorithm,
    signCount,
    createdAt: isoTime(createdAt, 1),
    confirmed,
  }
}

/** One line for people. */
export function passkeyLine(passkey: StoredCredential): string {
  const { credentialId, rpId, userName, userDisplayName, createdAt, confirmed } = passkeyEvent(
    'passkey',
    passkey,
  )
  const mark = confirmed ? '' : '  never confirmed'
  const account = accountText(userName, userDisplayName)
  return `${credentialId}  ${printableRpId(rpId)}  ${account}  ${dayOf(createdAt)}${mark}`
}

/** The account’s user name, and its display name where that is another. */
export function accountText(name: string, displayName: string): string {
  const [shown, full] = [printable(name), printable(displayName)]
  return full === '' || full === shown ? shown : `${full} <${shown}>`
}

/** What an unconfirmed passkey means to a registration that meets it. */
export function unconfirmedText(operation: ConsentOperation): string {
  const cure = operation === 'register' ? 'approving replaces it' : 'delete it or accept it'
  return `already on this phone, never confirmed: ${cure}`
}

/** What happens to a passkey that works, when its account registers again. */
export function replacedText(createdAt: number): string {
  const day = dayOf(isoTime(createdAt, 1))
  return `replaces the passkey of ${day} that works there today, once the new one is confirmed`
}

const NAME_WIDTH = 16

/** All of it for people, one member a line. */
export function passkeyDetails(passkey: StoredCredential): string {
  const members = Object.entries(passkeyEvent('passkey', passkey)).filter(([name]) => name !== 'event')
  return members.map(([name, value]) => name.padEnd(NAME_WIDTH) + shown(name, String(value))).join('\n')
}

function shown(name: string, value: string): string {
  if (name === 'algorithm') return algorithmText(Number(value))
  return name === 'rpId' ? printableRpId(value) : printable(value)
}

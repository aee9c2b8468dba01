import type { DigitalCredentialOptions, DigitalKind } from '../digital/digital-request.js'
import type { DigitalCredentialResponse } from '../digital/digital-response.js'
import { UsageError, WalletError } from '../errors.js'
import { isObject } from '../webauthn/web-idl.js'
import { WebAuthnError } from '../webauthn/webauthn-error.js'
import type { CredentialClient, NamedClient } from './credential-client.js'
import type { RequestManners } from './credential-requests.js'

/** What `get` and `create` take where a digital credential is wanted. */
export interface DigitalRequestOptions extends RequestManners {
  /** What is asked of the wallet: requests by protocol. */
  digital: DigitalCredentialOptions
  publicKey?: undefined
}

/** Asks a wallet, as `getDigital` and `createDigital` of a client do. */
export type AskWallet = NonNullable<CredentialClient['getDigital']>

/** Whether options want a digital credential, whatever else is in them. */
export function wantsDigital(options: unknown): options is { readonly digital: unknown } {
  return isObject(options) && 'digital' in options && options.digital !== undefined
}

/** Whether one of these clients asks wallets for digital credentials. */
export function asksWallets(clients: readonly CredentialClient[]): boolean {
  return clients.some(client => client.getDigital !== undefined || client.createDigital !== undefined)
}

/** Clients that can ask a wallet by a QR code. @throws UsageError `options-unsupported` where no client can. */
export function walletClients(clients: readonly NamedClient[], kind: DigitalKind): readonly NamedClient[] {
  const able = clients.filter(
    ({ client, onQr }) => onQr !== undefined && walletOf(client, kind) !== undefined,
  )
  if (able.length > 0) return able
  throw new UsageError('options-unsupported', 'no client asks wallets for digital credentials')
}

/** The method of a client for this kind of request. */
export function walletOf(client: CredentialClient, kind: DigitalKind): AskWallet | undefined {
  return kind === 'issuance' ? client.createDigital?.bind(client) : client.getDigital?.bind(client)
}

/** A page must not learn why a wallet gave nothing: the failures refused, given up and empty look the same to it. */
export async function forSite(asked: Promise<DigitalCredentialResponse>): Promise<DigitalCredentialResponse> {
  try {
    return await asked
  } catch (error) {
    const isRefusal =
      error instanceof WebAuthnError && error.name === 'NotAllowedError' && error.cause instanceof WalletError
    if (!isRefusal) throw error
    throw new WebAuthnError('NotAllowedError', new WalletError('wallet-refused', error.message))
  }
}

import { expect } from 'vitest'
import type { JsonValue } from '../../src/message/json.js'
import type { JsonHandler } from '../../src/ports/ctap-handler.js'
import { createLab } from '../../src/testing/lab.js'
import type { LabPhoneOptions } from '../../src/testing/lab.js'
import { VirtualWallet } from '../../src/virtual/virtual-wallet.js'
import type { VirtualWalletOptions } from '../../src/virtual/virtual-wallet.js'

export const origin = 'https://verifier.example'
export const UNSIGNED = 'openid4vp-v1-unsigned'
export const MDOC = 'org-iso-mdoc'
export const asking = (...protocols: string[]): { requests: { protocol: string; data: object }[] } => ({
  requests: protocols.map(protocol => ({ protocol, data: { nonce: 'n-0S6', response_type: 'vp_token' } })),
})
export const GIVEN: { readonly vp_token: { readonly pid: readonly string[] } } = { vp_token: { pid: ['…'] } }

/** A phone whose wallet answers with this message. */
export const answering = (message: JsonValue | undefined): JsonHandler => ({
  handleJson: () => Promise.resolve(message),
})
export const digital = (members: Record<string, JsonValue>): JsonValue => ({ response: { digital: members } })

export async function asked(
  phone: LabPhoneOptions,
  options: unknown = asking(UNSIGNED),
  signal?: AbortSignal,
): Promise<{ result: unknown; phoneEnd: unknown }> {
  const lab = createLab()
  const device = lab.phone(phone)
  let scan: Promise<unknown> = Promise.resolve('not asked')
  const result = await lab
    .client()
    .getDigital(options as never, {
      origin,
      signal,
      onQr: qr => {
        scan = device.scan(qr.url).catch((error: unknown) => error)
      },
    })
    .catch((error: unknown) => error)
  return { result, phoneEnd: await scan }
}

export const wallet = (options: VirtualWalletOptions): LabPhoneOptions => ({
  wallet: new VirtualWallet(options),
})
export const withCode = (name: string, code: string): unknown => expect.objectContaining({ name, code })

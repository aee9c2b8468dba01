import { Decoder } from 'cbor-x'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { encodeCbor } from '../../../src/cbor/cbor.js'
import { cborMap } from '../../../src/cbor/value.js'
import type { CborKey, CborValue } from '../../../src/cbor/value.js'
import { CTAP_COMMAND } from '../../../src/ctap/commands.js'
import type { CtapHandler } from '../../../src/index.js'

const ENTRY = fileURLToPath(new URL('node_modules/nid-webauthn-emulator/dist/src/index.js', import.meta.url))

/** Why the emulator is not here; a check of `lacking`. */
export function isInstalled(): string | undefined {
  return existsSync(ENTRY)
    ? undefined
    : 'nid-webauthn-emulator is not installed here: npm ci --prefix test/peers/nid-webauthn-emulator --ignore-scripts'
}

interface Answer {
  readonly status: number
  readonly data?: Uint8Array
}

/** What of the emulator is used. */
interface Emulator {
  command(request: { readonly command: number; readonly data?: Uint8Array }): Answer
}

/** The emulator’s own options. */
export interface EmulatorOptions {
  readonly stateless?: boolean
  readonly algorithmIdentifiers?: readonly string[]
  readonly userMakeCredentialInteraction?: () => undefined
  readonly userGetAssertionInteraction?: () => undefined
}

interface EmulatorModule {
  readonly AuthenticatorEmulator: new (
    options: EmulatorOptions & { readonly credentialsRepository: object },
  ) => Emulator
  readonly PasskeysCredentialsMemoryRepository: new () => object
}

/** Its failures carry the status that they stand for. */
const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined

/** The bytes of its answers as they are, or rewritten. */
type Rewrite = (encoded: Uint8Array) => Uint8Array

export const asItIs: Rewrite = encoded => encoded

/**
 * CTAP2 canonical CBOR of the same. The emulator writes the members that it leaves out as `undefined`, and the keys of a map in the
 * order that it has them in; browsers refuse both, and so do we.
 */
export const canonically: Rewrite = encoded => encodeCbor(cleaned(LENIENT.decode(encoded)) ?? cborMap([]))

const LENIENT = new Decoder({ mapsAsObjects: false, useRecords: false })

function cleaned(value: unknown): CborValue | undefined {
  if (value instanceof Map)
    return cborMap([...(value as Map<CborKey, unknown>)].map(([key, each]) => [key, cleaned(each)]))
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  return Array.isArray(value) ? value.map(each => cleaned(each) ?? null) : (value as CborValue | undefined)
}

/** An authenticator that is not ours behind our phone role. */
export async function emulatorHandler(rewrite: Rewrite, options?: EmulatorOptions): Promise<CtapHandler> {
  const { AuthenticatorEmulator, PasskeysCredentialsMemoryRepository } = (await import(
    pathToFileURL(ENTRY).href
  )) as EmulatorModule
  // All emulators share one unless told otherwise.
  const credentialsRepository = new PasskeysCredentialsMemoryRepository()
  const emulator = new AuthenticatorEmulator({ ...options, credentialsRepository })
  const commanded = (request: Uint8Array): Uint8Array => {
    const [command = 0, ...data] = request
    const { status, data: answer } = emulator.command(
      data.length > 0 ? { command, data: Uint8Array.from(data) } : { command },
    )
    return Uint8Array.of(status, ...(answer === undefined ? [] : rewrite(answer)))
  }
  return {
    getInfo: () => commanded(Uint8Array.of(CTAP_COMMAND.getInfo)).slice(1),
    handle: async request => {
      try {
        return await Promise.resolve(request).then(commanded)
      } catch (error) {
        const status = statusOf(error)
        if (status === undefined) throw error
        return Uint8Array.of(status)
      }
    },
  }
}

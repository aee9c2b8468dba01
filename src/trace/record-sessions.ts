import { systemRandom } from '../adapters/system/system.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import type { SessionParts, SessionTrace, TraceListener, TracedSession } from '../driver/session-trace.js'
import { DecodeError } from '../errors.js'
import { toPlain } from './recording-codec.js'

/** The version of the format of recordings. */
export const RECORDING_FORMAT = 1

/** A trace that keeps everything of sessions, including their secrets. */
export interface Recording extends SessionTrace {
  /** The provider that the roles have to use: it remembers the private halves of its keys. */
  readonly crypto: CryptoProvider
}

/** What a recording needs. */
export interface RecordingOptions {
  readonly crypto: CryptoProvider
  /** Keeps one line, with its line break. */
  readonly write: (line: string) => void
}

const PRIVATE_KEY_BYTES = 32

/**
 * Keeps all bytes that go in and out of sessions, and the keys and secrets that they are made of, so that `replay` can play them again.
 * A recording holds passkeys’ answers and link secrets: it is for the machine that made it.
 *
 * @example
 * const lines: string[] = []
 * const recording = recordSessions({ crypto, write: line => lines.push(line) })
 * const recorded = new HybridClient({ ...platform, crypto: recording.crypto })
 * await recorded.create(creationOptions, { origin, onQr, trace: recording })
 */
export function recordSessions({ crypto, write }: RecordingOptions): Recording {
  const keys = new WeakMap<EcdhKey, Uint8Array>()
  const plain = (value: unknown): unknown => toPlain(value, key => keys.get(key))
  const line = (record: object): void => write(`${JSON.stringify(record)}\n`)
  let parts: Readonly<Record<string, unknown>> = {}
  let sessions = 0
  line({ type: 'recording', format: RECORDING_FORMAT })
  return {
    crypto: rememberingKeys(crypto, keys),
    made: made => {
      parts = { ...parts, ...plainParts(made, plain) }
    },
    begin: ({ role, kind }: TracedSession): TraceListener => {
      line({ type: 'session', role, kind, parts })
      parts = {}
      const session = ++sessions
      return {
        step: (input, outputs, now) => {
          line({ type: 'step', session, now, input: plain(input), outputs: plain(outputs) })
        },
        progress: () => undefined,
      }
    },
  }
}

/**
 * Members that are left out: the provider, which all sessions share, and the transaction, whose parts are recorded
 * themselves.
 */
const NOT_KEPT: readonly string[] = ['crypto', 'transaction']

function plainParts(
  parts: SessionParts,
  plain: (value: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  const kept = Object.entries(parts).filter(([name]) => !NOT_KEPT.includes(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, plain(value)]))
}

function rememberingKeys(inner: CryptoProvider, keys: WeakMap<EcdhKey, Uint8Array>): CryptoProvider {
  const importEcdhKey = (privateKey: Uint8Array): EcdhKey => {
    const key = inner.importEcdhKey(privateKey)
    keys.set(key, privateKey.slice())
    return key
  }
  return { ...inner, importEcdhKey, generateEcdhKey: () => freshKey(importEcdhKey) }
}

/** A random key. Some of the 2^256 numbers that 32 bytes can be are not keys, so it may take another try. */
function freshKey(importEcdhKey: (privateKey: Uint8Array) => EcdhKey): EcdhKey {
  for (;;) {
    try {
      return importEcdhKey(systemRandom.bytes(PRIVATE_KEY_BYTES))
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
    }
  }
}

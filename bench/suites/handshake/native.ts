import { join } from 'node:path'
import { runChild } from '../../harness/children.js'
import { BENCH } from '../../harness/places.js'
import { temporaryFolder } from '../../harness/temporary-folder.js'
import { OPERATIONS } from './bare.js'

const COMPILE_LIMIT_MS = 60_000
const SAMPLE_LIMIT_MS = 10_000
const SAMPLE_MS = 15

/** The primitives of a handshake in a program without JavaScript. */
export interface NativeHandshake {
  /** Microseconds for one handshake. */
  readonly sample: () => Promise<number>
}

/**
 * Compiles `bench/native/handshake.c` into a temporary folder, which this process removes when it ends; tells why not where
 * there is no compiler or no OpenSSL.
 */
export async function nativeHandshake(): Promise<NativeHandshake | { readonly reason: string }> {
  const folder = temporaryFolder()
  const program = join(folder, 'handshake')
  const source = join(BENCH, 'native', 'handshake.c')
  try {
    await runChild('cc', ['-O2', source, '-o', program, '-lcrypto'], { timeLimitMs: COMPILE_LIMIT_MS })
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    return { reason: `needs a C compiler and libssl-dev (${line})` }
  }
  const { keyPair, ecdh, hmac, sha256, aead } = OPERATIONS
  const args = [SAMPLE_MS, keyPair, ecdh, hmac, sha256, aead].map(String)
  return {
    sample: async () => Number((await runChild(program, args, { timeLimitMs: SAMPLE_LIMIT_MS })).stdout),
  }
}

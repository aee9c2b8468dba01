import { readStream } from './byte-stream.js'

/** Raw DEFLATE (RFC 1951), as blobs travel. */
const FORMAT = 'deflate-raw'

/** Compresses. */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const { readable, writable } = new CompressionStream(FORMAT)
  const [compressed] = await Promise.all([readStream(readable, Infinity), feed(writable, bytes)])
  return compressed ?? new Uint8Array()
}

/**
 * Decompresses what a stranger sent.
 * @param size how many bytes must come out; hardly more than these are ever held in memory.
 * @returns undefined for broken input and for any other size.
 */
export async function inflate(bytes: Uint8Array, size: number): Promise<Uint8Array | undefined> {
  const { readable, writable } = new DecompressionStream(FORMAT)
  const [inflated] = await Promise.allSettled([readStream(readable, size), feed(writable, bytes)])
  return inflated.status === 'fulfilled' && inflated.value?.length === size ? inflated.value : undefined
}

async function feed(writable: WritableStream, bytes: Uint8Array): Promise<void> {
  const writer = writable.getWriter()
  await Promise.all([writer.write(bytes), writer.close()])
}

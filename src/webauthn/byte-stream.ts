import { concatBytes } from '../bytes/bytes.js'

/** The part of a web ReadableStream that reading takes. */
export interface ByteStream {
  /** Called once. */
  getReader(): ByteStreamReader
}

/** Hands out one chunk a time. */
export interface ByteStreamReader {
  /** The next chunk; with `done` there is no other. */
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
  /** No more is wanted. */
  cancel(): Promise<unknown>
}

/** @returns undefined, having cancelled the stream, when there are more than `max` bytes. */
export async function readStream(stream: ByteStream, max: number): Promise<Uint8Array | undefined> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const chunk = next.value ?? new Uint8Array()
    length += chunk.length
    if (length > max) {
      await reader.cancel()
      return undefined
    }
    chunks.push(chunk)
  }
  return concatBytes(...chunks)
}

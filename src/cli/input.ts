import { createReadStream } from 'node:fs'
import { addAbortSignal } from 'node:stream'
import type { Readable } from 'node:stream'
import { UsageError } from '../errors.js'
import { badUsage } from './failure.js'
import type { Output } from './output.js'
import type { TextSource } from './surroundings.js'

const MARK_BYTES = 2
/** Encodings by the bytes of their byte order mark. */
const UTF_16_BY_MARK: ReadonlyMap<string, string> = new Map([
  ['255 254', 'utf-16le'],
  ['254 255', 'utf-16be'],
])

/** How much to read, and the name for errors. */
export interface InputOptions {
  /** The option or argument that named it, for errors. */
  readonly name: string
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/** What `readInput` takes for a file. */
export interface InputPath {
  readonly path: string
  readonly stdin: Readable
}

/** Says what is waited for where stdin is a terminal: the command would seem to hang. @param what with how it ends. */
export function askTerminal({ isTTY }: TextSource, what: string, output: Output): void {
  if (isTTY === true) output.note(`Type or paste here ${what}.`)
}

/**
 * Reads a file, a pipe with a name such as `<(…)` has, or stdin for the path `-`, to the end.
 * @throws CommandLineError when it cannot be read or is too long. @throws UsageError `aborted`.
 */
export async function readInput({ path, stdin }: InputPath, options: InputOptions): Promise<Buffer> {
  const from = path === '-' ? 'stdin' : path
  const source = path === '-' ? stdin : createReadStream(path)
  return await collect(source, from, options, () => false)
}

/** Reads the first line of stdin; nothing can be read after it. @throws like `readInput`. */
export async function readLine(stdin: Readable, options: InputOptions): Promise<string> {
  const text = await collect(stdin, 'stdin', options, chunk => chunk.includes('\n'))
  const [line = ''] = textOf(text).split('\n')
  return line.trim()
}

/** Text without its byte order mark: UTF-8, or the UTF-16 that PowerShell writes into files and that begins with a mark. */
export function textOf(bytes: Uint8Array): string {
  const mark = bytes.subarray(0, MARK_BYTES).join(' ')
  return new TextDecoder(UTF_16_BY_MARK.get(mark) ?? 'utf-8').decode(bytes)
}

async function collect(
  source: Readable,
  from: string,
  { name, maxBytes, signal }: InputOptions,
  isEnough: (chunk: Buffer) => boolean,
): Promise<Buffer> {
  let bytes = Buffer.alloc(0)
  try {
    for await (const chunk of addAbortSignal(signal, source)) {
      bytes = Buffer.concat([bytes, Buffer.from(chunk)])
      if (bytes.length > maxBytes || isEnough(bytes)) break
    }
  } catch (cause) {
    if (signal.aborted) throw new UsageError('aborted', `interrupted while reading ${from}`, { cause })
    throw badUsage(`${name}: cannot read ${from}`, { cause })
  }
  if (bytes.length > maxBytes) throw badUsage(`${name}: ${from} holds more than ${maxBytes} bytes`)
  return bytes
}

import type { Readable } from 'node:stream'

/** A response with an attestation has some kilobytes. */
const LINE_MAX = 1024 * 1024

/** Hears the lines of a stream; what is longer than a mebibyte comes cut. The last line needs no end. */
export function onLines(stream: Readable, hear: (line: string) => void): void {
  let rest = ''
  let isCut = false
  const end = (line: string): void => {
    if (!isCut) hear(line.slice(0, LINE_MAX))
    isCut = false
  }
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) end(line)
    if (rest.length <= LINE_MAX) return
    end(rest)
    rest = ''
    isCut = true
  })
  stream.on('end', () => {
    if (rest !== '') end(rest)
  })
  // What a killed process leaves behind is of no interest.
  stream.on('error', () => undefined)
}

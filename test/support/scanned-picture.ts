import { readFileSync } from 'node:fs'
import { readQrPicture } from '../../src/adapters/qr-picture/qr-picture.js'

// Started with the path of a picture: says how the reading ended, and the MiB by which the process grew at most.
const [, , path = ''] = process.argv
const png = readFileSync(path)
// What the reader loads is no part of the picture.
await Promise.all([import('pngjs'), import('qr/decode.js')])
const KIB = 1024
const before = process.resourceUsage().maxRSS
const outcome = await readQrPicture(png).catch((error: unknown) =>
  error instanceof Error ? error.message : '',
)
const grownMiB = (process.resourceUsage().maxRSS - before) / KIB
process.stdout.write(JSON.stringify({ outcome, grownMiB }))

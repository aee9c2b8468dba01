import { Option } from 'commander'
import type { QrSource, QrTrust } from '../../authenticator/scanned-code.js'
import { badUsage } from '../failure.js'
import type { GivenOptions } from './given.js'

const SOURCES: readonly QrSource[] = ['camera', 'paste', 'opened-url']
const SECONDS = /^\d{1,9}$/

/** `--from`, which `chooseTrust` reads. */
export function fromOption(): Option {
  return new Option('--from <source>', 'where the URL came from (default paste)').choices(SOURCES)
}

/** Which QR codes this run takes. @throws CommandLineError for options that do not go together. */
export function chooseTrust(options: GivenOptions): QrTrust {
  const allowOpenedUrls = options.flag('allowOpenedUrls')
  const age = options.text('maxQrAge')
  if (age !== undefined && !SECONDS.test(age)) throw badUsage(`--max-qr-age takes seconds, not ${age}`)
  return {
    source: chooseSource(options),
    allowOpenedUrls,
    ...(age !== undefined && { maxQrAgeSeconds: Number(age) }),
  }
}

function chooseSource(options: GivenOptions): QrSource {
  const from = options.text('from')
  if (options.text('image') === undefined) return SOURCES.find(source => source === from) ?? 'paste'
  if (from !== undefined) throw badUsage('--from goes with a URL; a picture of --image is one that you chose')
  return 'image'
}

import { harmless } from './harmless.js'

/** The host of an origin, which is a laptop’s word and may be anything. */
export function siteOf(origin: string): string {
  return harmless(URL.canParse(origin) ? new URL(origin).hostname : origin)
}

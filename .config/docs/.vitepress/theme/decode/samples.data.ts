import { cases, onlyCase } from '../../../../../test/support/cases.js'

/** Something to decode, for people who have nothing at hand. */
export interface Sample {
  readonly name: string
  readonly input: string
  /** The QR code of an advert, or its secret. */
  readonly opener?: string
}

interface Recorded {
  readonly url: string
  readonly serviceData: string
  readonly frames: readonly { readonly message: string }[]
}

/** From the test vectors, when the site is built. */
export default {
  load(): readonly Sample[] {
    const { url, serviceData, frames } = onlyCase<Recorded>('trace-ios', 'sessions')
    const [introduction, request, response] = frames.map(({ message }) => message)
    const advert = onlyCase<{ serviceData: string; secret: string }>('worked-example', 'adverts')
    return [
      { name: 'Chromium’s QR code', input: named('chromium-156', 'qr', 'credentials.get').url },
      { name: 'A code with a data channel', input: named('worked-example', 'qr', 'key 6 [0, 1]').url },
      { name: 'An iPhone’s advert', input: serviceData, opener: url },
      { name: 'An advert with a suffix', input: advert.serviceData, opener: advert.secret },
      { name: 'An iPhone’s introduction', input: introduction ?? '' },
      { name: 'A request to sign in', input: request ?? '' },
      { name: 'Its answer', input: response ?? '' },
      { name: 'A link', input: named('linking', 'updates', 'standard').message },
      { name: 'A bad code', input: named('qr', 'codes', 'point not on the curve').url },
    ]
  },
}

function named(
  file: string,
  group: string,
  name: string,
): { readonly url: string; readonly message: string } {
  const found = cases<{ url: string; message: string }>(file, group).find(each => each.name === name)
  if (found === undefined) throw new Error(`fixtures/${file}.json has no ${group} ${name}`)
  return found
}

/** What `load` gives, as VitePress hands it to pages. */
export declare const data: readonly Sample[]

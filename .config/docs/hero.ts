import { element, label } from '../../bench/pictures/svg.js'
import { laptopIcon, phoneIcon, serviceIcon } from '../../examples/demo/picture/icons.js'

/** What stands on the page itself, without paper of its own, needs colours for each scheme. */
interface Colours {
  readonly laptop: string
  readonly phone: string
  readonly service: string
  readonly words: string
}

const LIGHT: Colours = { laptop: '#3a5fc8', phone: '#2b7d49', service: '#9a47b2', words: '#5a5a5a' }
const DARK: Colours = { laptop: '#8ba6f2', phone: '#5fc389', service: '#cf93e0', words: '#b4b4b4' }

const [WIDTH, HEIGHT] = [440, 330]

/** The devices of the README’s picture, and what goes between them: the picture of the home page, in its text as the icon is. */
export const HERO: { readonly [part in 'light' | 'dark' | 'alt']: string } = {
  light: address(draw(LIGHT)),
  dark: address(draw(DARK)),
  alt: 'A phone reads the QR code of a laptop and answers by Bluetooth, which proves that it is near; both talk, encrypted, through a tunnel service.',
}

function address(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

function draw({ laptop, phone, service, words }: Colours): string {
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${WIDTH} ${HEIGHT}` }
  return element(
    'svg',
    attributes,
    element('style', {}, `text{font:15px system-ui,sans-serif;fill:${words}}`),
    element('style', {}, `.laptop{fill:${laptop}}.phone{fill:${phone}}.service{fill:${service}}`),
    way('M94 194C94 104 120 48 174 48', laptop, { 'stroke-width': 5 }),
    way('M362 183C362 104 330 48 266 48', phone, { 'stroke-width': 5 }),
    way('M188 238H318', laptop, { 'stroke-width': 3, 'stroke-dasharray': '0 8' }),
    way('M326 278H186', phone, { 'stroke-width': 3, 'stroke-dasharray': '9 8' }),
    scaled(1.25, 220, -50, serviceIcon(0, 'service')),
    scaled(1.8, 94, 112, laptopIcon(0, 'laptop')),
    scaled(1.8, 362, 112, phoneIcon(0, 'phone')),
    label(220, 106, 'tunnel service', 'middle', ''),
    label(220, 142, 'encrypted end to end', 'middle', ''),
    label(252, 228, 'QR code', 'middle', ''),
    label(252, 302, 'Bluetooth', 'middle', ''),
  )
}

function way(d: string, stroke: string, look: Readonly<Record<string, string | number>>): string {
  return element('path', { d, stroke, fill: 'none', 'stroke-linecap': 'round', ...look })
}

/** An icon whose middle is at `x`. */
function scaled(factor: number, x: number, y: number, icon: string): string {
  return element('g', { transform: `translate(${x} ${y}) scale(${factor})` }, icon)
}

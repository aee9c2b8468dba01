import { element, escapeText, label, MARGIN, picture, WIDTH } from '../../../bench/pictures/svg.js'
import { beatsOf } from './beats.js'
import type { Lane, Way } from './beats.js'
import { laptopIcon, phoneIcon, serviceIcon } from './icons.js'
import type { Told } from './run.js'

type Timed = ReturnType<typeof beatsOf>[number]

const X: Readonly<Record<Lane, number>> = { laptop: 160, service: 410, phone: 660 }
const COLOUR: Readonly<Record<Lane, number>> = { laptop: 0, service: 3, phone: 2 }
const DASHES: Readonly<Record<Way, string>> = { sight: '2 4', radio: '7 4', tls: '', sealed: '' }
const STROKE: Readonly<Record<Way, number>> = { sight: 2, radio: 2, tls: 2, sealed: 3.5 }

const [LANES_TOP, FIRST_ROW, ROW] = [134, 160, 34]
/** How long the picture takes to appear, at most; the steps keep the proportions of their times. */
const SHOWN_MS = 4500

const STYLE = [
  '.told{paint-order:stroke;stroke:#fff;stroke-width:5px;stroke-linejoin:round}',
  '@media(prefers-color-scheme:dark){.told{stroke:#16181c}}',
  // What does not move, or may not, shows all at once.
  '@media(prefers-reduced-motion:no-preference){.beat{animation:come .3s both}@keyframes come{from{opacity:0}}}',
].join('')

/** Draws a run of the demo: its registration step by step, and what came after it in a line. */
export function drawDemo(run: readonly Told[]): string {
  const beats = beatsOf(run)
  const slower = SHOWN_MS / (beats.at(-1)?.ms ?? SHOWN_MS)
  const bottom = FIRST_ROW + beats.length * ROW
  const caption = {
    title: 'A passkey made with a phone: one run of the demo',
    description: beats.map(({ words, ms }) => `${ms.toFixed(0)} ms: ${words}.`).join(' '),
  }
  const drawn = beats.map((beat, row) => drawBeat(beat, FIRST_ROW + row * ROW, beat.ms * slower))
  return picture(caption, bottom + 74, [
    element('style', {}, STYLE),
    ...lanes(bottom),
    ...drawn,
    ...conclusion(run, bottom + 30),
  ])
}

function lanes(bottom: number): string[] {
  const lines = Object.values(X).map(x =>
    element('line', { x1: x, x2: x, y1: LANES_TOP, y2: bottom, class: 'line', 'stroke-width': 2 }),
  )
  const names: readonly (readonly [Lane, string])[] = [
    ['laptop', 'laptop'],
    ['service', 'tunnel service'],
    ['phone', 'phone'],
  ]
  return [
    ...lines,
    laptopIcon(X.laptop, `c${COLOUR.laptop}`),
    serviceIcon(X.service, `c${COLOUR.service}`),
    phoneIcon(X.phone, `c${COLOUR.phone}`),
    ...names.map(([lane, name]) => label(X[lane], LANES_TOP - 10, name, 'middle', 'ink title')),
  ]
}

function drawBeat(beat: Timed, y: number, delayMs: number): string {
  const time = label(MARGIN + 56, y + 4, `${beat.ms.toFixed(0)} ms`, 'end', 'soft small')
  const style = `animation-delay:${delayMs.toFixed(0)}ms`
  return element(
    'g',
    { class: 'beat', style },
    time,
    ...(beat.to === undefined ? note(beat, y) : arrow(beat, y)),
  )
}

function note({ at, who, words }: Timed, y: number): string[] {
  const colour = who === 'relying-party' ? 'c1' : `c${COLOUR[at]}`
  return [
    element('circle', { cx: X[at], cy: y, r: 5, class: colour }),
    // The phone’s line has no room on its right.
    at === 'phone'
      ? label(X[at] - 14, y + 4, words, 'end', 'ink told')
      : label(X[at] + 14, y + 4, words, 'start', 'ink told'),
  ]
}

function arrow({ at, to = at, way = 'tls', words }: Timed, y: number): string[] {
  const [from, tip] = [X[at], X[to]]
  const towards = Math.sign(tip - from)
  const head = `M${tip - 2 * towards} ${y}l${-11 * towards} -6v12z`
  const line = {
    x1: from,
    x2: tip - 10 * towards,
    y1: y,
    y2: y,
    class: `s${COLOUR[at]}`,
    'stroke-width': STROKE[way],
    ...(DASHES[way] !== '' && { 'stroke-dasharray': DASHES[way] }),
  }
  return [
    element('line', line),
    element('path', { d: head, class: `c${COLOUR[at]}` }),
    label((from + tip) / 2, y - 7, words, 'middle', 'ink told'),
  ]
}

/** What the run did after the registration, in one line, and what was real in it. */
function conclusion(run: readonly Told[], y: number): string[] {
  const [registration, signIn, linked] = [
    tookMs(run, 'registration-asked', 'registered'),
    tookMs(run, 'sign-in-asked', 'signed-in'),
    tookMs(run.slice(run.findIndex(({ event }) => event === 'reachable')), 'sign-in-asked', 'signed-in'),
  ]
  const messages = run.at(-1)?.messages ?? 0
  const radio = run.some(({ proximity }) => proximity === 'simulated') ? 'simulated' : 'real'
  return [
    `Registered in ${registration} ms. Then signed in by QR code in ${signIn} ms, and by link, without a code, in ${linked} ms.`,
    `All on one machine: ${messages} messages, a real tunnel service with TLS, a ${radio} radio, no person to wait for.`,
  ].map((words, row) =>
    element(
      'text',
      { x: WIDTH / 2, y: y + row * 20, 'text-anchor': 'middle', class: 'soft' },
      escapeText(words),
    ),
  )
}

function tookMs(run: readonly Told[], from: string, to: string): string {
  const at = (wanted: string): number =>
    run.find(({ who, event }) => who === 'relying-party' && event === wanted)?.elapsedMs ?? NaN
  return (at(to) - at(from)).toFixed(0)
}

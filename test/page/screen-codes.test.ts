import { expect, test } from 'vitest'
import { turn } from '../../src/async/turn.js'
import { ScreenCodes } from '../../src/page/dialog/screen-codes.js'
import { VirtualClock } from '../../src/testing.js'
import { someQrUrl } from '../support/ceremony-inputs.js'
import { qrPixels } from '../support/qr-pixels.js'

const FIRST = someQrUrl()
const SECOND = someQrUrl()

/** A screen that shows these texts as codes, one a look; undefined is a look at no code. The last one stays. */
class ShownScreen {
  readonly clock = new VirtualClock()
  readonly codes: ScreenCodes
  looks = 0

  constructor(...shown: readonly (string | undefined)[]) {
    const picture = (): Promise<ReturnType<typeof qrPixels>> => {
      const text = shown[Math.min(this.looks++, shown.length - 1)]
      return Promise.resolve(qrPixels(text))
    }
    this.codes = new ScreenCodes({ picture }, this.clock)
  }

  /** Lets time pass until a look at the screen has come to its end. */
  async pass<Value>(looking: Promise<Value>): Promise<Value> {
    const state = { isOver: false }
    const over = (): void => {
      state.isOver = true
    }
    void looking.then(over, over)
    while (!state.isOver) await (this.clock.pending > 0 ? this.clock.advance(100) : turn())
    return looking
  }
}

test('a code is taken once it was seen twice, and once only', async () => {
  const screen = new ShownScreen(undefined, FIRST, FIRST, FIRST, FIRST, SECOND)
  expect(await screen.pass(screen.codes.next())).toBe(FIRST)
  expect(screen.looks).toBe(3)
  expect(await screen.pass(screen.codes.next())).toBe(SECOND)
  expect(screen.looks).toBe(7)
})

test('a code that goes at once is not taken', async () => {
  const screen = new ShownScreen(FIRST, undefined, FIRST, SECOND, SECOND)
  expect(await screen.pass(screen.codes.next())).toBe(SECOND)
})

test('codes of other kinds do not count', async () => {
  const screen = new ShownScreen('https://example.com/', 'https://example.com/', FIRST.toLowerCase())
  expect(await screen.pass(screen.codes.next())).toBe(FIRST.toLowerCase())
})

test('the screen is looked at every 100 ms, and is empty when it shows no code', async () => {
  const screen = new ShownScreen(FIRST, SECOND, undefined)
  await screen.pass(screen.codes.gone())
  expect([screen.looks, screen.clock.now(), screen.clock.pending]).toEqual([3, 200, 0])
})

test.each([
  [0, 2],
  [199, 3],
  [200, 4],
  [201, 4],
  [undefined, 152],
])('within %s ms there are %i looks', async (withinMs, looks) => {
  const screen = new ShownScreen(undefined)
  await expect(screen.pass(screen.codes.next({ withinMs }))).rejects.toMatchObject({
    code: 'request-timeout',
    message: `the screen showed no new QR code of a passkey request after ${withinMs ?? 15_000} ms`,
  })
  expect(screen.looks).toBe(looks)
})

test('a code that stays on the screen is an error', async () => {
  const screen = new ShownScreen(FIRST)
  await expect(screen.pass(screen.codes.gone({ withinMs: 100 }))).rejects.toMatchObject({
    code: 'request-timeout',
    message: 'the screen still shows a QR code after 100 ms',
  })
})

test.each(['before', 'while'])(
  'looking that is aborted %s it ends with the reason, and leaves no alarm',
  async moment => {
    const screen = new ShownScreen(undefined)
    const stop = new AbortController()
    const reason = new RangeError('enough')
    if (moment === 'before') stop.abort(reason)
    const looking = screen.codes.next({ signal: stop.signal })
    if (moment === 'while') {
      while (screen.clock.pending === 0) await turn()
      stop.abort(reason)
    }
    await expect(looking).rejects.toMatchObject({ code: 'aborted', cause: reason })
    expect([screen.looks, screen.clock.pending]).toEqual([1, 0])
  },
)

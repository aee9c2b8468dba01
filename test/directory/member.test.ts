import { beforeEach, describe, expect, it, vi } from 'vitest'
import { routingId, tunnelId } from '../../src/bytes/brands.js'
import { contactTag } from '../../src/bytes/contact-tag.js'
import type { ContactTag } from '../../src/bytes/contact-tag.js'
import { UsageError } from '../../src/errors.js'
import type { Asked, Engine, EngineListener } from '../../src/adapters/directory/engine.js'
import { encodeAge, encodeMemberFrame } from '../../src/adapters/directory/frames.js'
import type { MemberFrame } from '../../src/adapters/directory/frames.js'
import { joinEngine } from '../../src/adapters/directory/member.js'
import type { DirectoryMembership, HolderAnswer } from '../../src/ports/contact-directory.js'

/* One member, and an engine that says what it likes. */

const nameOf = (letter: string): string => letter.repeat(22)
const ME = nameOf('m')
const CONTACT = contactTag(nameOf('c'))
const CALL = {
  routingId: routingId(new Uint8Array(3)),
  tunnelId: tunnelId(new Uint8Array(16)),
  clientPayload: Uint8Array.of(1),
}

let heard: string[]
let published: [topic: string, frame: string][]
let asked: string[]
let answers: Record<string, Asked>
let keeps: boolean
let engine: EngineListener
let member: DirectoryMembership
let said: Promise<HolderAnswer>

beforeEach(async () => {
  ;[heard, published, asked, answers, keeps] = [[], [], [], {}, true]
  said = Promise.resolve('ringing')
  const open = (_: string, listener: EngineListener): Promise<Engine> => {
    engine = listener
    return Promise.resolve({
      subscribe: () => undefined,
      unsubscribe: () => undefined,
      publish: (topic, bytes) => void published.push([topic, Buffer.from(bytes).toString('hex')]),
      ask: topic => {
        asked.push(topic)
        return Promise.resolve(answers[topic] ?? 'nobody')
      },
      keep: contacts => {
        heard.push(`keep ${contacts.length}`)
        return Promise.resolve(keeps)
      },
      close: () => Promise.resolve(),
    })
  }
  member = await joinEngine(open, ME, {
    up: () => heard.push('up'),
    down: () => heard.push('down'),
    unsettled: () => heard.push('unsettled'),
    called: () => {
      heard.push('called')
      return said
    },
    superseded: () => heard.push('superseded'),
    revoked: contacts => heard.push(`revoked ${contacts.join()}`),
    warned: ({ code }) => heard.push(`warned ${code}`),
  })
  engine.up()
  heard.length = 0
  published.length = 0
})

/** Whole, so that sums are exact. */
const wholeNow = (): number => Math.round(performance.now())
const LINE = `line.${CONTACT}`
const receive = (topic: string, frame: MemberFrame | Uint8Array): Uint8Array[] => {
  const answered: Uint8Array[] = []
  const bytes = frame instanceof Uint8Array ? frame : encodeMemberFrame(frame)
  engine.message(topic, bytes, answer => answered.push(answer))
  return answered
}
const ofType = (byte: string): readonly string[] =>
  published.filter(([, frame]) => frame.startsWith(byte)).map(([topic]) => topic)

const MISHEARD = 'warned tunnel-message-invalid'
const times = (count: number, act: (index: number) => void): void => {
  for (let index = 0; index < count; index++) act(index)
}

describe('an engine that lies', () => {
  it.each([
    ['a call for a line that is not held', LINE, encodeMemberFrame({ type: 'call', ...CALL })],
    ['a call on a topic that is no line', 'members', encodeMemberFrame({ type: 'call', ...CALL })],
    [
      'a newer line that is not held',
      LINE,
      encodeMemberFrame({ type: 'held', at: 1e15, member: nameOf('z') }),
    ],
    [
      'a line that is no contact',
      'line.x',
      encodeMemberFrame({ type: 'held', at: 1e15, member: nameOf('z') }),
    ],
    ['its own words', 'members', encodeMemberFrame({ type: 'hello', member: ME })],
  ])('is not heeded: %s', async (_, topic, bytes) => {
    expect(receive(topic, bytes)).toEqual([])
    await Promise.resolve()
    expect(heard).toEqual([])
  })

  it.each([
    ['nothing', LINE, new Uint8Array()],
    ['an unknown frame', 'members', Uint8Array.of(77, 1, 2)],
    ['a long frame', LINE, new Uint8Array(5000).fill(1)],
    ['a member with a long name', 'members', new Uint8Array(1_000_000).fill(0x41).fill(5, 0, 1)],
    ['very many revoked contacts', 'revoked', new Uint8Array(1_000_000).fill(0x41).fill(4, 0, 1)],
  ])('is told of once until it goes and comes: %s', (_, topic, bytes) => {
    times(3, () => expect(receive(topic, bytes)).toEqual([]))
    expect(heard).toEqual([MISHEARD])
    engine.down(new UsageError('aborted', 'gone'))
    engine.up()
    receive(topic, bytes)
    expect(heard).toEqual([MISHEARD, 'down', 'up', MISHEARD])
  })

  it('has malformed contacts on its list: only the others count', () => {
    engine.kept(['', 'x'.repeat(23), CONTACT, `${'x'.repeat(21)}\n`])
    engine.kept(['no'])
    expect(heard).toEqual([MISHEARD, `revoked ${CONTACT}`])
  })

  it.each([Uint8Array.of(), Uint8Array.of(0x81, 9), new Uint8Array(9000)])(
    'and an answer that is none is no answer',
    async answer => {
      answers[LINE] = answer
      expect(await member.call(CONTACT, CALL)).toBe('silent')
      expect(heard).toEqual([MISHEARD])
    },
  )

  it.each([
    [255, 255],
    [256, 256],
    [257, 256],
  ])('that names %i members is asked for %i of them', async (named, known) => {
    times(named, index => receive('members', { type: 'hello', member: String(index).padStart(22, '0') }))
    receive('members', { type: 'here', member: '0'.repeat(22) })
    await member.call(CONTACT, CALL)
    expect(asked.filter(topic => topic.startsWith('member.'))).toHaveLength(known)
  })

  it.each([
    [4095, 4095],
    [4096, 4096],
    [4097, 4096],
  ])('that calls %i times has %i calls wait', async (calls, waiting) => {
    member.held(CONTACT)
    const answered = vi.fn()
    said = new Promise(resolve => answered.mockImplementation(resolve))
    times(calls, () => receive(LINE, { type: 'call', ...CALL }))
    expect(heard).toHaveLength(waiting)
    answered('ringing')
    await new Promise(resolve => setImmediate(resolve))
    receive(LINE, { type: 'call', ...CALL })
    expect(heard).toHaveLength(waiting + 1)
  })
})

describe('revoked contacts', () => {
  const contactsOf = (count: number): readonly ContactTag[] =>
    Array.from({ length: count }, (_, index) => contactTag(String(index).padStart(22, '0')))
  const keptIn = (): readonly number[] =>
    heard.flatMap(word => /^keep (\d+)$/.exec(word)?.[1] ?? []).map(Number)

  it.each([
    [255, [255]],
    [256, [256]],
    [257, [256, 1]],
  ])('%i go in parts of %j', async (count, parts) => {
    member.revoked(contactsOf(count))
    await expect.poll(keptIn).toEqual(parts)
    expect(ofType('04')).toHaveLength(parts.length)
  })

  it.each([
    [65_535, 65_535],
    [65_536, 65_536],
    [65_537, 65_536],
  ])('%i that wait for the engine are %i', async (count, waiting) => {
    engine.down(new UsageError('aborted', 'gone'))
    member.revoked(contactsOf(count))
    engine.up()
    await expect.poll(() => keptIn().reduce((sum, part) => sum + part, 0)).toBe(waiting)
    await new Promise(resolve => setImmediate(resolve))
    expect(keptIn().reduce((sum, part) => sum + part, 0)).toBe(waiting)
  })
})

describe('another member', () => {
  const OTHER = nameOf('a')

  it.each([
    ['hello', ['unsettled']],
    ['here', []],
    ['moving', ['unsettled']],
    ['bye', ['unsettled']],
  ] as const)('that says %s: what is heard is %j', (type, expected) => {
    receive('members', { type, member: OTHER })
    expect(heard).toEqual(expected)
    expect(published).toEqual(type === 'hello' ? [[`member.${OTHER}`, `06${'6d'.repeat(22)}`]] : [])
  })

  it('that has left is not looked for', async () => {
    receive('members', { type: 'hello', member: OTHER })
    receive('members', { type: 'bye', member: OTHER })
    await member.call(CONTACT, CALL)
    expect(asked).toEqual([LINE])
  })
})

it('a member that leaves leaves no timer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  keeps = false
  member.revoked([CONTACT])
  while (vi.getTimerCount() === 0) await Promise.resolve()
  await member.leave()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

describe('a line that no member holds', () => {
  it('is unknown, and a member that is gone is noticed before that is told', async () => {
    receive('members', { type: 'hello', member: nameOf('a') })
    receive('members', { type: 'hello', member: nameOf('b') })
    answers[`member.${nameOf('b')}`] = Uint8Array.of(0x89)
    heard.length = 0
    expect(await member.call(CONTACT, CALL)).toBe('unknown')
    expect(heard).toEqual(['unsettled'])
    expect(await member.call(CONTACT, CALL)).toBe('unknown')
    expect(heard).toEqual(['unsettled'])
    expect(asked.filter(topic => topic === `member.${nameOf('a')}`)).toHaveLength(1)
  })

  it('costs one look at the members for all that miss one at a time', async () => {
    receive('members', { type: 'hello', member: nameOf('a') })
    answers[`member.${nameOf('a')}`] = Uint8Array.of(0x89)
    await Promise.all(Array.from({ length: 20 }, () => member.call(CONTACT, CALL)))
    expect(asked.filter(topic => topic.startsWith('member.'))).toHaveLength(1)
  })
})

describe('two lines of one phone', () => {
  const NEVER = -1e15
  const LATER = 1e15

  it.each([
    ['held', LATER, true],
    ['holds', LATER, true],
    ['held', NEVER, false],
    ['holds', NEVER, false],
  ] as const)('%s at %d: the line here yields: %s', (type, at, yields) => {
    member.held(CONTACT)
    published.length = 0
    receive(LINE, { type, at, member: nameOf('z') })
    expect(heard).toEqual(yields ? ['superseded'] : [])
    expect(ofType('03')).toEqual(yields ? [] : [LINE])
  })

  it.each([
    [5000, 'is taken for the newer one'],
    [5001, 'is doubted'],
  ])('a line here of %i ms ago against one of just now and of long ago: it %s', async (age, outcome) => {
    const now = wholeNow()
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now)
    member.held(CONTACT)
    clock.mockReturnValue(now + age)
    receive(LINE, { type: 'holds', at: NEVER, member: nameOf('z') })
    expect(asked).toEqual([])
    answers[`member.${nameOf('z')}`] = encodeAge(1)
    receive(LINE, { type: 'held', at: NEVER, member: nameOf('z') })
    await new Promise(resolve => setImmediate(resolve))
    const isDoubted = outcome === 'is doubted'
    expect(asked).toEqual(isDoubted ? [`member.${nameOf('z')}`] : [])
    expect(heard).toEqual(isDoubted ? ['superseded'] : [])
    clock.mockRestore()
  })

  const AGE = 6000
  it.each([
    ['younger', encodeAge(AGE - 1), true],
    ['as old', encodeAge(AGE), false],
    ['older', encodeAge(AGE + 1), false],
    ['of nobody', 'nobody', false],
    ['of a member that is silent', 'silent', false],
    ['told of in other words', Uint8Array.of(0x89), false],
  ] as const)('a doubtful line that is %s: the line here yields: %s', async (_, answer, yields) => {
    const now = wholeNow()
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now)
    member.held(CONTACT)
    clock.mockReturnValue(now + AGE)
    published.length = 0
    answers[`member.${nameOf('z')}`] = answer
    for (let time = 0; time < 3; time++) receive(LINE, { type: 'held', at: NEVER, member: nameOf('z') })
    await new Promise(resolve => setImmediate(resolve))
    expect(asked).toEqual([`member.${nameOf('z')}`])
    expect(heard).toEqual(yields ? ['superseded'] : [])
    expect(ofType('03')).toEqual(yields ? [] : [LINE])
    receive(LINE, { type: 'held', at: NEVER, member: nameOf('z') })
    expect(asked).toHaveLength(2)
    clock.mockRestore()
  })

  it('a doubtful line is of no account when the line here has gone meanwhile', async () => {
    const now = wholeNow()
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now)
    member.held(CONTACT)
    clock.mockReturnValue(now + AGE)
    published.length = 0
    receive(LINE, { type: 'held', at: NEVER, member: nameOf('z') })
    member.dropped(CONTACT)
    await new Promise(resolve => setImmediate(resolve))
    expect([heard, published]).toEqual([[], []])
    clock.mockRestore()
  })

  it('a member says how old its line is, and nothing of a line that it has not', () => {
    const now = wholeNow()
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now)
    member.held(CONTACT)
    clock.mockReturnValue(now + 7)
    expect(receive(`member.${ME}`, { type: 'age', contact: CONTACT })).toEqual([encodeAge(7)])
    expect(receive(`member.${ME}`, { type: 'age', contact: contactTag(nameOf('d')) })).toEqual([])
    clock.mockRestore()
  })

  it.each([
    ['z', true],
    ['a', false],
  ])('of the same moment: that of %s is newer: %s', (letter, yields) => {
    const now = wholeNow()
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now)
    member.held(CONTACT)
    receive(LINE, { type: 'held', at: performance.timeOrigin + now, member: nameOf(letter) })
    expect(heard).toEqual(yields ? ['superseded'] : [])
    clock.mockRestore()
  })
})

it('what the engine did not keep is sent again when it is up again', async () => {
  keeps = false
  member.revoked([CONTACT])
  await expect.poll(() => heard).toEqual(['keep 1'])
  await Promise.resolve()
  keeps = true
  engine.down(new UsageError('aborted', 'gone'))
  engine.up()
  await expect.poll(() => heard).toEqual(['keep 1', 'down', 'up', 'keep 1'])
  engine.up()
  expect(heard.filter(word => word.startsWith('keep'))).toHaveLength(2)
})

it('while the engine is down, nothing is sent and no member is asked', async () => {
  engine.down(new UsageError('aborted', 'gone'))
  member.held(CONTACT)
  expect(await member.call(CONTACT, CALL)).toBe('down')
  expect([published, asked]).toEqual([[], []])
  engine.up()
  expect(ofType('03')).toEqual([LINE])
})

it('what the engine did not keep is sent again in a while though it stays up', async () => {
  keeps = false
  member.revoked([CONTACT])
  await expect.poll(() => heard).toEqual(['keep 1'])
  keeps = true
  await expect.poll(() => heard).toEqual(['keep 1', 'keep 1'])
})

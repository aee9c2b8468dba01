import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { contextAsPage } from '../../src/page/playwright/context-as-page.js'
import type { PlaywrightContext } from '../../src/page/playwright/context-as-page.js'

type Frame = ReturnType<ReturnType<PlaywrightContext['pages']>[number]['frames']>[number]

const newFrame = (url: string): Frame => ({
  url: () => url,
  parentFrame: () => null,
  evaluate: () => Promise.resolve(undefined),
})

class StandInPageOfContext extends EventEmitter {
  readonly #frames: readonly Frame[]

  constructor(...frames: readonly Frame[]) {
    super()
    this.#frames = frames
  }

  frames(): readonly Frame[] {
    return this.#frames
  }
}

class StandInContext extends EventEmitter implements PlaywrightContext {
  readonly told: unknown[] = []
  readonly #pages: StandInPageOfContext[] = []

  pages(): readonly StandInPageOfContext[] {
    return this.#pages
  }

  open(page: StandInPageOfContext): void {
    this.#pages.push(page)
    this.emit('page', page)
  }

  exposeBinding(name: string): Promise<void> {
    this.told.push(name)
    return Promise.resolve()
  }

  addInitScript(script: { readonly content: string }): Promise<void> {
    this.told.push(script)
    return Promise.resolve()
  }
}

test('a context has the frames of all of its pages, and takes what all pages are to run', async () => {
  const early = [newFrame('a'), newFrame('b')]
  const late = [newFrame('c')]
  const context = new StandInContext()
  context.open(new StandInPageOfContext(...early))
  const page = contextAsPage(context)
  context.open(new StandInPageOfContext(...late))
  expect(page.frames()).toEqual([...early, ...late])
  await page.exposeBinding('sender', () => Promise.resolve(''))
  await page.addInitScript({ content: 'script' })
  expect(context.told).toEqual(['sender', { content: 'script' }])
})

test('frames are told when they go, alone or with their page, of pages that were there and of later ones', () => {
  const [early, late] = [
    new StandInPageOfContext(newFrame('early')),
    new StandInPageOfContext(newFrame('late')),
  ]
  const context = new StandInContext()
  context.open(early)
  const gone: string[] = []
  contextAsPage(context).on('framedetached', frame => gone.push(frame.url()))
  context.open(late)
  early.emit('framedetached', newFrame('inner'))
  late.emit('framedetached', newFrame('other'))
  expect(gone).toEqual(['inner', 'other'])
  late.emit('close')
  early.emit('close')
  expect(gone).toEqual(['inner', 'other', 'late', 'early'])
})

test('a context closes when it closes, and not with one of its pages', () => {
  const context = new StandInContext()
  const only = new StandInPageOfContext()
  context.open(only)
  let closed = 0
  contextAsPage(context).on('close', () => (closed += 1))
  only.emit('close')
  expect(closed).toBe(0)
  context.emit('close')
  expect(closed).toBe(1)
})

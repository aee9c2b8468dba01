import type { FrameUnderTest, PlaywrightPage } from '../bridge/page-under-test.js'

/** Playwright’s `BrowserContext`, as far as it is used here. */
export interface PlaywrightContext extends Pick<PlaywrightPage, 'exposeBinding' | 'addInitScript'> {
  /** All pages that are open. */
  pages(): readonly PageOfContext[]
  /** Hears that the context was closed, or that a page was opened. */
  on(event: 'close', listener: () => void): unknown
  on(event: 'page', listener: (page: PageOfContext) => void): unknown
}

interface PageOfContext {
  frames(): readonly (FrameUnderTest & { evaluate(script: string): Promise<unknown> })[]
  on(event: 'close', listener: () => void): unknown
  on(event: 'framedetached', listener: (frame: FrameUnderTest) => void): unknown
}

type Heard =
  [event: 'close', listener: () => void] | [event: 'framedetached', listener: (frame: FrameUnderTest) => void]

/** All pages of a browser context, also those that come later, as one page with the frames of all. */
export function contextAsPage(context: PlaywrightContext): PlaywrightPage {
  return {
    url: () => 'about:blank',
    frames: () => context.pages().flatMap(page => page.frames()),
    exposeBinding: (name, callback) => context.exposeBinding(name, callback),
    addInitScript: script => context.addInitScript(script),
    on: (...[event, listener]: Heard) =>
      event === 'close' ? context.on('close', listener) : onDetached(context, listener),
  }
}

function onDetached(context: PlaywrightContext, listener: (frame: FrameUnderTest) => void): void {
  const watch = (page: PageOfContext): void => {
    page.on('framedetached', listener)
    page.on('close', () => page.frames().forEach(listener))
  }
  context.pages().forEach(watch)
  context.on('page', watch)
}

import { EventEmitter } from 'node:events'
import type { FrameUnderTest, PlaywrightPage, PuppeteerPage } from '../../src/page.js'
import { emptyPageWorld } from './page-world.js'
import type { PageWorld } from './page-world.js'

type Binding = (frame: StandInFrame, message: string) => Promise<string>

/** A frame, whose document is a world of its own. */
class StandInFrame implements FrameUnderTest {
  readonly #page: FramesOfPage
  readonly #parent: StandInFrame | null
  #url = 'about:blank'
  #world: PageWorld

  constructor(page: FramesOfPage, parent: StandInFrame | null) {
    this.#page = page
    this.#parent = parent
    this.#world = this.#opened('')
  }

  url(): string {
    return this.#url
  }

  parentFrame(): StandInFrame | null {
    return this.#parent
  }

  /** @param before a script that changes what the browser has. */
  goto(url: string, before = ''): void {
    this.#url = url
    this.#world = this.#opened(before)
  }

  evaluate(script: string): Promise<unknown> {
    return Promise.resolve(this.#world.run(script))
  }

  outcome(script: string): Promise<unknown> {
    return this.#world.outcome(script)
  }

  expose(name: string): void {
    Object.assign(this.#world.run('globalThis') as object, this.#bindings(name))
  }

  #opened(before: string): PageWorld {
    const names = [...this.#page.bindings.keys()]
    const world = emptyPageWorld(
      Object.assign({}, ...names.map(name => this.#bindings(name))) as object,
      before,
    )
    if (this.#parent !== null) world.run('globalThis.top = {}')
    for (const script of this.#page.scripts) world.run(script)
    return world
  }

  #bindings(name: string): object {
    return { [name]: (message: string) => this.#page.bindings.get(name)?.(this, message) }
  }
}

/** What both drivers’ pages have. */
class FramesOfPage extends EventEmitter {
  readonly bindings: Map<string, Binding> = new Map<string, Binding>()
  readonly scripts: string[] = []
  readonly #frames: StandInFrame[] = []

  constructor() {
    super()
    this.#frames.push(new StandInFrame(this, null))
  }

  get main(): StandInFrame {
    const [main] = this.#frames
    if (main === undefined) throw new Error('a page has a frame')
    return main
  }

  frames(): readonly StandInFrame[] {
    return this.#frames
  }

  url(): string {
    return this.main.url()
  }

  addFrame(url: string, parent: StandInFrame = this.main, before?: string): StandInFrame {
    const frame = new StandInFrame(this, parent)
    this.#frames.push(frame)
    frame.goto(url, before)
    return frame
  }

  protected bind(name: string, binding: Binding): void {
    this.bindings.set(name, binding)
    for (const frame of this.#frames) frame.expose(name)
  }
}

/** A page as Playwright’s, without a browser. */
export class StandInPlaywrightPage extends FramesOfPage implements PlaywrightPage {
  exposeBinding(name: string, callback: Parameters<PlaywrightPage['exposeBinding']>[1]): Promise<void> {
    this.bind(name, (frame, message) => callback({ frame }, message))
    return Promise.resolve()
  }

  addInitScript({ content }: { readonly content: string }): Promise<void> {
    this.scripts.push(content)
    return Promise.resolve()
  }
}

/** A page as Puppeteer’s, without a browser. */
export class StandInPuppeteerPage extends FramesOfPage implements PuppeteerPage {
  exposeFunction(name: string, callback: (message: string) => Promise<string>): Promise<void> {
    this.bind(name, (_frame, message) => callback(message))
    return Promise.resolve()
  }

  evaluateOnNewDocument(script: string): Promise<void> {
    this.scripts.push(script)
    return Promise.resolve()
  }
}

// The parts of Playwright and Puppeteer that are used here, so that neither is needed.

/** A frame as Playwright has it. */
export interface FrameUnderTest {
  /** What the frame shows. */
  url(): string
  /** The frame around it; null for the page itself. */
  parentFrame(): FrameUnderTest | null
}

/** A page that runs a script before its own ones. */
interface AnyPage {
  /** All frames of the page, its own first. */
  frames(): readonly { evaluate(script: string): Promise<unknown> }[]
  /** What the page shows. */
  url(): string
  /** Hears that the page was closed. */
  on(event: 'close', listener: () => void): unknown
}

/** Playwright’s `Page`. */
export interface PlaywrightPage extends AnyPage {
  /** Gives all frames of the page a function that calls this process, and says which frame calls. */
  exposeBinding(
    name: string,
    callback: (source: { readonly frame: FrameUnderTest }, message: string) => Promise<string>,
  ): Promise<unknown>
  /** Runs a script in all frames before their own. */
  addInitScript(script: { readonly content: string }): Promise<unknown>
  /** Hears that the page was closed, or that a frame was removed. */
  on(event: 'close', listener: () => void): unknown
  on(event: 'framedetached', listener: (frame: FrameUnderTest) => void): unknown
}

/** Puppeteer’s `Page`. It does not tell which frame calls, so frames are refused. */
export interface PuppeteerPage extends AnyPage {
  /** Gives the page a function that calls this process. */
  exposeFunction(name: string, callback: (message: string) => Promise<string>): Promise<unknown>
  /** Runs a script in all frames before their own. */
  evaluateOnNewDocument(script: string): Promise<unknown>
}

/** A page of Playwright or Puppeteer. */
export type PageUnderTest = PlaywrightPage | PuppeteerPage

// The parts of Playwright and Puppeteer that are used here, so that neither is needed.

/** A frame as Playwright has it. */
export interface FrameUnderTest {
  url(): string
  parentFrame(): FrameUnderTest | null
}

/** A page that runs a script before its own ones. */
interface AnyPage {
  frames(): readonly { evaluate(script: string): Promise<unknown> }[]
  url(): string
  on(event: 'close', listener: () => void): unknown
}

/** Playwright’s `Page`. */
export interface PlaywrightPage extends AnyPage {
  exposeBinding(
    name: string,
    callback: (source: { readonly frame: FrameUnderTest }, message: string) => Promise<string>,
  ): Promise<unknown>
  addInitScript(script: { readonly content: string }): Promise<unknown>
  on(event: 'close', listener: () => void): unknown
  on(event: 'framedetached', listener: (frame: FrameUnderTest) => void): unknown
}

/** Puppeteer’s `Page`. It does not tell which frame calls, so frames are refused. */
export interface PuppeteerPage extends AnyPage {
  exposeFunction(name: string, callback: (message: string) => Promise<string>): Promise<unknown>
  evaluateOnNewDocument(script: string): Promise<unknown>
}

/** A page of Playwright or Puppeteer. */
export type PageUnderTest = PlaywrightPage | PuppeteerPage

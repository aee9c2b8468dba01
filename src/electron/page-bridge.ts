/** Where preload scripts and the main process meet. */
export const CHANNEL = 'fido-hybrid:credentials'

/** Where the page’s world finds its way to the preload script. */
export const BRIDGE = 'fidoHybridBridge'

/** What crosses the two worlds of a page: text. */
export interface PageBridge {
  /** @param text JSON of a `PageMessage`. @returns JSON of a `PageReply`. */
  ask(text: string): Promise<string>
}

// The parts of Electron’s main process that are used here, so that its types are not needed.

/** A frame, as `WebFrameMain` is. */
export interface CallingFrame {
  /** As the browser knows it; `null` in letters for an opaque one. */
  readonly origin: string
  /** The frame around it; null for the page itself. */
  readonly parent: CallingFrame | null
  /** Stays through navigations. */
  readonly frameTreeNodeId: number
}

/** A navigation of a frame. */
export interface NavigationStart {
  /** Such as one to a fragment. */
  readonly isSameDocument: boolean
  readonly frame: CallingFrame | null
}

/** What shows a page, as `WebContents` does. */
export interface CallingContents {
  /** Hears the events that end requests: the page goes elsewhere, is closed, or its process is gone. */
  on(event: 'did-start-navigation', listener: (details: NavigationStart) => void): unknown
  on(event: 'destroyed' | 'render-process-gone', listener: () => void): unknown
}

/** One call of a page, as `IpcMainInvokeEvent` is. */
export interface IpcCall {
  /** The page that calls. */
  readonly sender: CallingContents
  /** The frame that calls; null where it is gone. */
  readonly senderFrame: CallingFrame | null
}

/** Electron’s `ipcMain`. */
export interface CredentialsIpcMain {
  /** Answers calls of a channel; what the listener returns goes back to the page. */
  handle(channel: string, listener: (call: IpcCall, text: unknown) => Promise<string>): void
  /** Stops taking calls of the channel. */
  removeHandler(channel: string): void
}

/** What the adapters use of a WebSocket as the platform has it (WHATWG WebSockets). */
export interface PlatformWebSocket {
  /** Set to `arraybuffer`, so that messages come as bytes. */
  binaryType: string
  /** The sub-protocol that the service selected; empty for none. */
  readonly protocol: string
  addEventListener(type: 'open', listener: () => void): void
  /** Browsers tell no reason. */
  addEventListener(type: 'error', listener: (event: { readonly error?: unknown }) => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void
  /** Sends one message, text or binary. */
  send(data: string | Uint8Array<ArrayBuffer>): void
  /** Begins to close, with code 1000 or one of 3000 to 4999. */
  close(code?: number): void
  /** Of the package `ws` alone: cuts the connection. */
  terminate?(): void
}

/** `WebSocket` of browsers, workers, Deno, Bun and Node 22. */
export type WebSocketClass = new (url: string, protocols?: string) => PlatformWebSocket

/** The platform’s own class, where it has one. */
export function platformWebSocket(): WebSocketClass | undefined {
  const platform: { readonly WebSocket?: WebSocketClass } = globalThis
  return platform.WebSocket
}

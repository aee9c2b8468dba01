import { streamFramer } from '../framing/stream-framer.js'
import type { Framing, StreamFramer } from '../framing/stream-framer.js'
import { HANDSHAKE_MESSAGE_BYTES } from '../handshake/handshake-message.js'
import { callingPort } from '../ports/calling.js'
import type { DataChannel, DataChannelDialer, DataChannelObserver } from '../ports/data-channel.js'
import type { Tunnel, TunnelDialer, TunnelRequest } from '../ports/tunnel-dialer.js'
import type { DataChannelName } from '../qr/data-channel.js'
import type { ClientOutput } from '../session/client-io.js'
import type { MachineInput, MachineOutput } from '../session/machine-io.js'
import { channelInputs } from './channel-inputs.js'
import { dialTunnel } from './tunnel-inputs.js'

/** A data channel, and what cuts its stream into messages. */
interface FramedChannel {
  readonly channel: DataChannel
  readonly framer: StreamFramer
}

/** What carries the messages of one session: its tunnel, and the data channels that it dials or that are dialled to it. */
export class Carriers {
  readonly #dialer: TunnelDialer
  readonly #framing: Framing | undefined
  readonly #feed: (input: MachineInput) => void
  readonly #channels = new Map<number, FramedChannel>()
  readonly #closing = new Set<Promise<void>>()
  readonly #givenUp = new Set<number>()
  #tunnel: Tunnel | undefined
  #accepted = 0
  #isOver = false
  #used: DataChannelName = 'tunnel'

  constructor(dialer: TunnelDialer, framing: Framing | undefined, feed: (input: MachineInput) => void) {
    this.#dialer = dialer
    this.#framing = framing
    this.#feed = feed
  }

  /** What the last message was sent through. */
  get used(): DataChannelName {
    return this.#used
  }

  dial(request: TunnelRequest): void {
    this.#tunnel = callingPort('dialer.dial', () => dialTunnel(this.#dialer, request, this.#feed))
  }

  /** Dials, unless the session gave this channel up in the meantime. */
  dialChannel(
    dialer: DataChannelDialer,
    { channel, to, psm }: Extract<ClientOutput, { type: 'dial-channel' }>,
  ): void {
    if (this.#isOver || this.#givenUp.has(channel)) return
    const framer = this.#framer()
    const observer = channelInputs(channel, framer, this.#feed)
    const dialled = callingPort('dataChannelDialer.dial', () => dialer.dial(to, psm, observer))
    this.#channels.set(channel, { channel: dialled, framer })
  }

  /** Takes a channel that a client has dialled. The session hears of it, and closes it if it does not need it. */
  accept(channel: DataChannel): DataChannelObserver | undefined {
    if (this.#isOver) return undefined
    const number = ++this.#accepted
    const framer = this.#framer()
    this.#channels.set(number, { channel, framer })
    this.#feed({ type: 'channel-open', channel: number })
    return channelInputs(number, framer, this.#feed)
  }

  send({ bytes, channel }: Extract<MachineOutput, { type: 'send' }>): void {
    this.#used = channel === undefined ? 'tunnel' : 'ble'
    if (channel === undefined) return callingPort('tunnel.send', () => this.#tunnel?.send(bytes))
    const framed = this.#channels.get(channel)
    callingPort('dataChannel.send', () => framed?.channel.send(framed.framer.frame(bytes)))
  }

  closeTunnel(): void {
    this.#close(this.#tunnel)
    this.#tunnel = undefined
  }

  closeChannel(channel: number): void {
    this.#close(this.#channels.get(channel)?.channel)
    if (!this.#channels.delete(channel)) this.#givenUp.add(channel)
  }

  /** Settles when tunnel and channels are closed. Nothing is dialled or taken any more. */
  async close(): Promise<void> {
    this.#isOver = true
    this.closeTunnel()
    for (const channel of this.#channels.keys()) this.closeChannel(channel)
    await Promise.all(this.#closing)
  }

  /** Anybody near may be at the other end, until the handshake has its message. */
  #framer(): StreamFramer {
    return streamFramer({ framing: this.#framing, maxFirstBytes: HANDSHAKE_MESSAGE_BYTES })
  }

  /** Closes a carrier that is not needed; a failure of that does not matter. */
  #close(carrier: Tunnel | DataChannel | undefined): void {
    if (carrier === undefined) return
    const closing = closed(carrier)
      .catch(() => undefined)
      .finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }
}

async function closed(carrier: Tunnel | DataChannel): Promise<void> {
  await carrier.close()
}

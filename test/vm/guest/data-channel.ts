import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { bluezAdvertiser, bluezScanner } from 'fido-hybrid/adapters/bluez'
import { l2capDialer, l2capListener } from 'fido-hybrid/adapters/l2cap'
import { dataChannelCompliance } from 'fido-hybrid/testing'
import type { AdvertSender, Advertisement, DataChannel, DataChannelObserver, HybridError } from 'fido-hybrid'
import { adapterProperty, setPowered } from './adapter.js'
import { startChild } from './child.js'
import { outcomesOf } from './compliance.js'
import { fileURLToPath } from 'node:url'
import { quantiles } from './quantiles.js'
import { wish } from './wish.js'

export const PHONE = 'hci0'
export const LAPTOP = 'hci1'
export const ADVERT_BYTES = 24
/** As long as the first Noise message. */
const MESSAGE_BYTES = 81
const DIALS = 200
const LINK_LINGERS_MS = 3000
const SETTLED_MS = 1000
const PATIENCE_MS = 20_000
const NOBODY: AdvertSender = { address: 'C0:00:5E:00:53:01', addressType: 'random' }

/** Where the phone is dialled, without having been heard. */
export async function phoneAddress(): Promise<AdvertSender> {
  return {
    address: await adapterProperty(PHONE, 'Adapter1', 'Address'),
    addressType: 'public',
    adapter: await adapterProperty(LAPTOP, 'Adapter1', 'Address'),
  }
}

/** An advert that others may connect to, on the air. */
export async function advertise(serviceData: Uint8Array = randomBytes(ADVERT_BYTES)): Promise<Advertisement> {
  const advertiser = bluezAdvertiser({ adapter: PHONE, startTimeoutMs: PATIENCE_MS })
  return new Promise((resolve, reject) => {
    const advert = advertiser.advertise(
      serviceData,
      { started: () => resolve(advert), failed: reject },
      { connectable: true },
    )
  })
}

/** The suite that every dialer and listener has to pass, on real channels of the kernel. */
export async function runChannelCompliance(): Promise<object> {
  const listenerAddress = await phoneAddress()
  const advert = await advertise()
  const { cases, omitted } = dataChannelCompliance({
    makeDialer: () => l2capDialer(),
    makeListener: () => l2capListener(),
    listenerAddress: () => listenerAddress,
    refusedPsm: 0xff,
    absentAddress: { ...NOBODY, adapter: listenerAddress.adapter },
    patienceMs: PATIENCE_MS,
  })
  const outcomes = await outcomesOf(cases)
  await advert.stop()
  return { outcomes, omitted }
}

/** Listens, gives back to each client what it sends, and closes after a message, as a phone does after the goodbye. */
export async function echo(): Promise<{ readonly psm: number; stop(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const use = l2capListener().listen({
      started: psm => resolve({ psm, stop: () => use.stop() }),
      accepted: channel => {
        let left = MESSAGE_BYTES
        const bytes = (chunk: Uint8Array): void => {
          channel.send(chunk)
          left -= chunk.length
          if (left <= 0) void channel.close()
        }
        return { ...SILENT, bytes, closed: () => void channel.close() }
      },
      failed: reject,
    })
  })
}

const SILENT: DataChannelObserver = {
  open: () => undefined,
  bytes: () => undefined,
  closed: () => undefined,
  failed: () => undefined,
}

interface Exchange {
  readonly connectMs: number
  readonly roundTripMs: number
}

/** Dials, has one message echoed, and closes when the phone has. */
export async function exchange(to: AdvertSender, psm: number): Promise<Exchange> {
  const startedAt = performance.now()
  let [openedAt, echoedAt, left] = [0, 0, MESSAGE_BYTES]
  let channel: DataChannel | undefined
  await new Promise<void>((resolve, reject) => {
    channel = l2capDialer().dial(to, psm, {
      open: () => {
        openedAt = performance.now()
        channel?.send(randomBytes(MESSAGE_BYTES))
      },
      bytes: chunk => {
        left -= chunk.length
        echoedAt = performance.now()
      },
      closed: () => (left === 0 ? resolve() : reject(new Error(`${left} bytes are missing`))),
      failed: reject,
    })
  })
  await channel?.close()
  return { connectMs: openedAt - startedAt, roundTripMs: echoedAt - openedAt }
}

/** Hears an advert, and who sent it; the scan is over then, as a dial needs. */
export async function hear(serviceData: Uint8Array): Promise<AdvertSender | undefined> {
  const wanted = Buffer.from(serviceData).toString('hex')
  const scanner = bluezScanner({ adapter: LAPTOP, startTimeoutMs: PATIENCE_MS })
  let stop: () => Promise<void> = () => Promise.resolve()
  const from = await new Promise<AdvertSender | undefined>((resolve, reject) => {
    const scan = scanner.scan({
      started: () => undefined,
      advert: report => {
        if (Buffer.from(report.serviceData).toString('hex') === wanted) resolve(report.from)
      },
      failed: reject,
    })
    stop = () => scan.stop()
  })
  await stop()
  return from
}

/** What a phone that was heard is dialled by; its public address, and then one that changes. */
export async function dialHeard(): Promise<object> {
  const listener = await echo()
  const senders: (AdvertSender | undefined)[] = []
  for (const address of ['public', 'private']) {
    if (address === 'private') await wish('hide-phone')
    const serviceData = randomBytes(ADVERT_BYTES)
    const advert = await advertise(serviceData)
    const from = await hear(serviceData)
    senders.push(from)
    if (from !== undefined) await exchange(from, listener.psm)
    await advert.stop()
  }
  await wish('show-phone')
  await listener.stop()
  return { phone: await phoneAddress(), psm: listener.psm, senders }
}

interface Held {
  readonly descriptors: number
  readonly threads: number
}

/** What this process holds, once two looks in a row say the same: what was closed last may take a moment. */
export async function held(): Promise<Held> {
  for (let last = await look(); ;) {
    await new Promise(resolve => setTimeout(resolve, SETTLED_MS))
    const now = await look()
    if (now.descriptors === last.descriptors && now.threads === last.threads) return now
    last = now
  }
}

async function look(): Promise<Held> {
  const [descriptors, threads] = await Promise.all(['fd', 'task'].map(name => readdir(`/proc/self/${name}`)))
  return { descriptors: descriptors?.length ?? 0, threads: threads?.length ?? 0 }
}

/** Many channels, one after the other. */
export async function dialOften(): Promise<object> {
  const to = await phoneAddress()
  const [advert, listener] = [await advertise(), await echo()]
  await exchange(to, listener.psm)
  const before = await held()
  const exchanges: Exchange[] = []
  for (let count = 0; count < DIALS; count++) exchanges.push(await exchange(to, listener.psm))
  await linkIsGone()
  const after = await held()
  await Promise.all([advert.stop(), listener.stop()])
  return {
    dials: exchanges.length,
    before,
    after,
    connectMs: quantiles(exchanges.map(({ connectMs }) => connectMs)),
    roundTripMs: quantiles(exchanges.map(({ roundTripMs }) => roundTripMs)),
  }
}

/**
 * A phone that is killed in the middle, and a laptop without its adapter. An adapter that goes off while channels of both ends are in
 * one kernel is not tried: kernel 6.1 may break down (list_del in hci_chan_del).
 */
export async function cutChannels(): Promise<object> {
  const to = await phoneAddress()
  const advert = await advertise()
  const child = startChild(process.execPath, [fileURLToPath(new URL('channel-holder.js', import.meta.url))])
  const psm = Number((await child.event('listening'))['psm'])
  const killed = await endOf(to, psm, () => child.kill())
  await child.end
  await linkIsGone()
  const listener = await echo()
  await setPowered(LAPTOP, false)
  const withoutAdapter = await endOf(to, listener.psm)
  await setPowered(LAPTOP, true)
  await listener.stop()
  await advert.stop()
  return { killed, withoutAdapter }
}

/** The link goes some time after its last channel. */
export async function linkIsGone(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, LINK_LINGERS_MS))
}

/** How a channel ends: `closed`, or the code of its failure. */
export async function endOf(to: AdvertSender, psm: number, opened = (): void => undefined): Promise<string> {
  let channel: DataChannel | undefined
  const end = await new Promise<string>(resolve => {
    channel = l2capDialer().dial(to, psm, {
      ...SILENT,
      open: opened,
      closed: () => resolve('closed'),
      failed: ({ code }: HybridError) => resolve(code),
    })
  })
  await channel?.close()
  return end
}

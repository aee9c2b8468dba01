import type { AdvertSender } from '../../ports/data-channel.js'

const HOST = '127.0.0.1'
const PLACE = /^127\.0\.0\.1:([1-9]\d{0,4})$/

/** Where a device of an air hub takes data channels: a port on loopback, in place of a Bluetooth address. */
export function loopbackSender(port: number): AdvertSender {
  return { address: `${HOST}:${port}`, addressType: 'random' }
}

/** The port of such a sender; undefined for one that is elsewhere. */
export function loopbackPort({ address }: AdvertSender): number | undefined {
  const [, digits] = PLACE.exec(address) ?? []
  return digits === undefined || Number(digits) > 0xffff ? undefined : Number(digits)
}

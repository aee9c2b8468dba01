import { randomBytes } from 'node:crypto'
import {
  advertise,
  ADVERT_BYTES,
  echo,
  endOf,
  exchange,
  hear,
  linkIsGone,
  phoneAddress,
} from './data-channel.js'
import { wish } from './wish.js'

/** The address that the steward gives to the laptop’s adapter. */
const LAPTOP_ADDRESS = 'C0:00:5E:00:53:11'

/** A phone at a random address that stays, a laptop at one too, and a phone that is dialled by another type of address than it has. */
export async function dialAddresses(): Promise<object> {
  const listener = await echo()
  await wish('fix-phone')
  const serviceData = randomBytes(ADVERT_BYTES)
  const advert = await advertise(serviceData)
  const phone = await hear(serviceData)
  if (phone === undefined) throw new Error('the advert has no sender')
  await exchange(phone, listener.psm)
  await linkIsGone()
  await wish('fix-laptop')
  const laptop = { ...phone, adapter: LAPTOP_ADDRESS }
  await exchange(laptop, listener.psm)
  await linkIsGone()
  await advert.stop()
  await wish('free-laptop')
  await wish('free-phone')
  const misled = await dialWrongType(listener.psm)
  await listener.stop()
  return { phone, laptop, misled }
}

async function dialWrongType(psm: number): Promise<object> {
  const [advert, phone] = [await advertise(), await phoneAddress()]
  const startedAt = performance.now()
  const end = await endOf({ ...phone, addressType: 'random' }, psm)
  const elapsedMs = Math.round(performance.now() - startedAt)
  await advert.stop()
  return { end, elapsedMs }
}

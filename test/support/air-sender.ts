import type { AirDevice } from '../../src/adapters/air/air.js'
import { deferred } from '../../src/async/deferred.js'
import type { AdvertSender } from '../../src/ports/data-channel.js'

/** Who sends the adverts of one device of a hub, as another hears it. */
export async function senderOf(
  { advertiser }: AirDevice,
  { scanner }: AirDevice,
): Promise<AdvertSender | undefined> {
  const from = deferred<AdvertSender | undefined>()
  const started = (): void => undefined
  const scan = scanner.scan({
    started,
    advert: report => {
      from.resolve(report.from)
    },
    failed: from.reject,
  })
  const advert = advertiser.advertise(
    new Uint8Array(24),
    { started, failed: from.reject },
    { connectable: true },
  )
  const sender = await from.promise
  await Promise.all([advert.stop(), scan.stop()])
  return sender
}

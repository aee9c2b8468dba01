import { expect, test } from 'vitest'
import type { BleScanner } from '../../src/ports/ble.js'
import type { Clock } from '../../src/ports/clock.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import { callByLink, linked, linkedLab, serving } from '../support/linked-pair.js'

/** Adverts are heard so much later. */
function slowRadio(scanner: BleScanner, clock: Clock, ms: number): BleScanner {
  return {
    proximity: scanner.proximity,
    scan: listener =>
      scanner.scan({
        started: () => listener.started(),
        failed: error => listener.failed(error),
        advert: report => void clock.setAlarm(clock.now() + ms, () => listener.advert(report)),
      }),
  }
}

/** Tunnels open so much later; what is sent through one is noted with its time. */
function slowTunnel(dialer: TunnelDialer, clock: Clock, ms: number, sent: number[] = []): TunnelDialer {
  return {
    staysInProcess: true,
    dial: (request, listener) => {
      const later = (act: () => void): void => void clock.setAlarm(clock.now() + ms, act)
      const tunnel = dialer.dial(request, {
        open: headers => later(() => listener.open(headers)),
        message: bytes => later(() => listener.message(bytes)),
        closed: end => later(() => listener.closed(end)),
        failed: error => later(() => listener.failed(error)),
      })
      const send = (bytes: Uint8Array): void => {
        sent.push(clock.now())
        tunnel.send(bytes)
      }
      return { send, close: () => tunnel.close() }
    },
  }
}

const TIMES = [0, 1, 2, 3]
const cases = TIMES.flatMap(radio =>
  TIMES.flatMap(tunnel => TIMES.map(phone => [radio, tunnel, phone] as const)),
)

test.each(cases)(
  'the advert takes %i ms, the client’s tunnel %i ms, the phone’s %i ms: message 1 leaves when both are there',
  async (radio, tunnel, phoneTunnel) => {
    const lab = linkedLab()
    const { clock, service } = lab
    const sent: number[] = []
    const phone = lab.phone()
    const link = await linked(lab.client(), phone)
    const slowPhone = lab.phone({
      dialer: slowTunnel(service.dialer, clock, phoneTunnel),
      linking: { store: phone.identity, name: 'x' },
    })
    const serve = await serving(slowPhone)
    const { client } = lab.client({
      dialer: slowTunnel(service.dialer, clock, tunnel, sent),
      scanner: slowRadio(lab.air.scanner(), clock, radio),
    })
    const start = clock.now()
    const called = callByLink(client, link)
    await clock.advance(100)
    expect(await called).toEqual(Uint8Array.of(0, 1))
    // The phone advertises once its own tunnel is open.
    expect((sent[0] ?? 0) - start).toBe(Math.max(tunnel, phoneTunnel + radio))
    expect(await serve.stop()).toMatchObject({ served: 1, failed: 0 })
  },
)

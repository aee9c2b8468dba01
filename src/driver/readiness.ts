import { HybridError, ProximityError, TunnelError, UnsupportedError } from '../errors.js'
import type { BleAdvertiser, BleScanner, RadioListener } from '../ports/ble.js'
import { SECOND_MS } from '../ports/clock.js'
import type { Clock } from '../ports/clock.js'
import type { Finding } from '../ports/finding.js'
import type { TunnelDialer, TunnelRequest } from '../ports/tunnel-dialer.js'

/** 2025-01-01T00:00:00Z: no machine that runs this has an earlier date. */
const EARLIEST_EPOCH_SECONDS = 1_735_689_600

interface RadioUse {
  stop(): Promise<void>
}

/** Scans for a moment, which is the only way to know that the scanner works. */
export function checkScanner(scanner: BleScanner): Promise<Finding> {
  const ears = (listener: RadioListener): RadioUse => scanner.scan({ ...listener, advert: () => undefined })
  return checkRadio(ears, `can hear adverts (${scanner.proximity})`)
}

/** Sends an advert of random bytes for a moment. */
export function checkAdvertiser(advertiser: BleAdvertiser, serviceData: Uint8Array): Promise<Finding> {
  const voice = (listener: RadioListener): RadioUse => advertiser.advertise(serviceData, listener)
  return checkRadio(voice, `can send adverts (${advertiser.proximity})`)
}

async function checkRadio(begin: (listener: RadioListener) => RadioUse, detail: string): Promise<Finding> {
  let use: RadioUse | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      use = begin({ started: resolve, failed: reject })
    })
    return { check: 'radio', ok: true, detail }
  } catch (cause) {
    const error =
      cause instanceof HybridError
        ? cause
        : new ProximityError('ble-scan-failed', 'the radio did not start', { cause })
    return problem('radio', error)
  } finally {
    await use?.stop().catch(() => undefined)
  }
}

/** What tunnel services answer where no tunnel is (protocol.md 7.3). Other statuses come from what stands before them. */
const NO_TUNNEL: readonly unknown[] = [400, 404, 409, 410]

/** Dials a tunnel that does not exist: a service that refuses it is there. */
export async function checkTunnelService(dialer: TunnelDialer, request: TunnelRequest): Promise<Finding> {
  const { host } = new URL(request.url)
  const error = await dialled(dialer, request)
  if (error === undefined || (error instanceof TunnelError && NO_TUNNEL.includes(error.status))) {
    return { check: 'tunnel-service', ok: true, detail: `${host} answers` }
  }
  // Such a dialer cannot tell whether a service is there.
  if (error.cause instanceof UnsupportedError)
    return {
      check: 'tunnel-service',
      ok: true,
      detail: `${host} cannot be looked at: ${error.cause.message}`,
    }
  return problem('tunnel-service', error)
}

/** A certificate is judged by the clock, and a QR code tells its time. */
export function checkClock(clock: Clock): Finding {
  const seconds = clock.epochSeconds()
  const detail = `the clock says ${new Date(seconds * SECOND_MS).toISOString()}`
  if (seconds >= EARLIEST_EPOCH_SECONDS) return { check: 'clock', ok: true, detail }
  return {
    check: 'clock',
    ok: false,
    detail,
    code: 'tunnel-untrusted',
    cure: 'Set the clock of this machine.',
  }
}

async function dialled(dialer: TunnelDialer, request: TunnelRequest): Promise<HybridError | undefined> {
  let close: () => Promise<void> = () => Promise.resolve()
  try {
    await new Promise<void>((resolve, reject) => {
      const tunnel = dialer.dial(request, {
        open: () => resolve(),
        message: () => undefined,
        closed: () => resolve(),
        failed: reject,
      })
      close = () => tunnel.close()
    })
    return undefined
  } catch (cause) {
    return cause instanceof HybridError
      ? cause
      : new TunnelError('tunnel-unreachable', 'the tunnel service was not dialled', { cause })
  } finally {
    await close()
  }
}

function problem(check: Finding['check'], { message, code, cure }: HybridError): Finding {
  return { check, ok: false, detail: message, code, cure }
}

import { X509Certificate, createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UnsupportedError } from '../../errors.js'
import { wsDialer } from '../../adapters/ws/ws.js'
import type { BleAdvertiser } from '../../ports/ble.js'
import type { TunnelDialer } from '../../ports/tunnel-dialer.js'
import { serveTunnel } from '../../service/tunnel-server.js'
import type { LabPhoneOptions } from '../../testing/lab.js'
import { ASSIGNED_DOMAINS } from '../../tunnel/domain.js'
import { createAirPhone } from './air-phone.js'
import type { AirPhone, AirPhoneParts } from './air-phone.js'
import { BluezStandIn } from './bluez-stand-in.js'
import { Leftovers } from './leftovers.js'
import { startBus } from './private-bus.js'
import { SCREEN_SIZE, startScreen } from './screen.js'
import type { Screen } from './screen.js'
import { ScreenCodes } from './screen-codes.js'
import type { LookOptions } from './screen-codes.js'
import { makeTunnelCertificate } from './tunnel-certificate.js'

/** Each waits 100 ms longer than the one before: 12 s in all. */
const REMOVAL_RETRIES = 15

/** What the pages of the browser need beside the air. */
export interface BrowserAirOptions {
  /** Where names lead instead of DNS: `{ 'login.example.com': '127.0.0.1:8443' }`. */
  readonly hosts?: Readonly<Record<string, string>> | undefined
  /** Certificates (PEM) of servers that the browser takes though no authority of the machine signed them. */
  readonly certificates?: readonly string[] | undefined
}

/** Where phones in the air of a browser are. */
export interface BrowserAirSurroundings {
  readonly advertiser: BleAdvertiser
  readonly dialer: TunnelDialer
  /** Base of the tunnel service that the browser dials, whatever domain it means. */
  readonly tunnelUrl: string
}

/** What is around a browser: Bluetooth, a tunnel service, a screen; and phones. Nearness in it is simulated. */
export interface BrowserAir {
  /** What the browser’s command line needs; it must not be headless, and must have a user data folder. */
  readonly args: readonly string[]
  /** Its environment, instead of this process’s. */
  readonly env: Readonly<Record<string, string>>
  /** A phone that approves everything and has no peculiarities, unless its options say otherwise: `{ profile: 'ios' }`. */
  phone(options?: LabPhoneOptions): AirPhone
  /** What a phone of your own making needs: its radio, and the way to the tunnel service that the browser dials. */
  readonly surroundings: BrowserAirSurroundings
  /**
   * Waits for the next QR code of a passkey request on the screen. No phone of this air reads that code afterwards.
   * @throws as `scanScreen`.
   */
  nextCode(options?: LookOptions): Promise<string>
  /** Presses Escape, as a user does to cancel, and waits until no QR code is on the screen. @throws as `scanScreen`. */
  cancelDialog(options?: LookOptions): Promise<void>
  /** Ends screen, bus and service, and removes their folder; safe to call twice. End the browser first. */
  close(): Promise<void>
}

/**
 * Opens what a real Chromium on Linux needs so that its own dialog meets a virtual phone, for any driver of browsers;
 * `launchWithAir` drives it with Playwright. A signal that ends this process ends all of it.
 * @throws UnsupportedError `capability-missing` elsewhere than on Linux, `package-missing` with the Debian package that is missing.
 *
 * @example
 * const air = await openBrowserAir()
 * const browser = await chromium.launch({ headless: false, args: [...air.args], env: air.env })
 */
export async function openBrowserAir(options: BrowserAirOptions = {}): Promise<BrowserAir> {
  if (process.platform !== 'linux')
    throw new UnsupportedError(
      'capability-missing',
      `the browser’s dialog is tested on Linux, not on ${process.platform}`,
    )
  const leftovers = new Leftovers()
  try {
    return await open(leftovers, options)
  } catch (error) {
    await leftovers.end()
    throw error
  }
}

async function open(leftovers: Leftovers, options: BrowserAirOptions): Promise<BrowserAir> {
  const folder = await mkdtemp(join(tmpdir(), 'fido-hybrid-air-'))
  // A browser that has lost its screen may write into it for some seconds.
  const removal = { recursive: true, force: true, maxRetries: REMOVAL_RETRIES } as const
  leftovers.add(
    () => rmSync(folder, removal),
    () => rm(folder, removal),
  )
  const screen = await startScreen(folder)
  leftovers.add(screen.kill, screen.stop)
  const bus = await startBus(folder)
  leftovers.add(bus.kill, bus.stop)
  const bluez = await BluezStandIn.start(bus.said)
  leftovers.add(
    () => undefined,
    () => bluez.stop(),
  )
  const certificate = makeTunnelCertificate()
  const service = await serveTunnel({ port: 0, tls: certificate })
  leftovers.add(
    () => undefined,
    () => service.close(),
  )
  const parts = { advertiser: bluez.advertiser(), codes: new ScreenCodes(screen), service, certificate }
  return {
    args: browserArguments(service.port, certificate.spkiHash, options),
    env: browserEnvironment(screen, bus.said, folder),
    ...dialogOf(screen, parts),
    close: () => leftovers.end(),
  }
}

function dialogOf(
  screen: Screen,
  parts: AirPhoneParts,
): Pick<BrowserAir, 'phone' | 'surroundings' | 'nextCode' | 'cancelDialog'> {
  const { advertiser, certificate, service } = parts
  return {
    surroundings: { advertiser, dialer: wsDialer({ ca: certificate.cert }), tunnelUrl: service.url },
    nextCode: options => parts.codes.next(options),
    phone: options => createAirPhone(parts, options),
    cancelDialog(options) {
      screen.keyboard.press('Escape')
      return parts.codes.gone(options)
    },
  }
}

function browserArguments(
  port: number,
  spkiHash: string,
  { hosts = {}, certificates = [] }: BrowserAirOptions,
): readonly string[] {
  const tunnels = ASSIGNED_DOMAINS.map(domain => [domain, `127.0.0.1:${port}`] as const)
  const rules = [...tunnels, ...Object.entries(hosts)].map(([name, place]) => `MAP ${name} ${place}`)
  const trusted = [spkiHash, ...certificates.map(spkiHashOf)]
  return [
    `--host-resolver-rules=${rules.join(', ')}`,
    `--ignore-certificate-errors-spki-list=${trusted.join(',')}`,
    '--ozone-platform=x11',
    '--window-position=0,0',
    `--window-size=${SCREEN_SIZE.width},${SCREEN_SIZE.height}`,
    '--no-first-run',
    // Without bars above the page, which say that flags are unusual and take room from the dialog.
    '--test-type',
  ]
}

function spkiHashOf(certificate: string): string {
  const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64')
}

/** The environment of this process, without the variables that lead to its desktop and its keys. */
function browserEnvironment(screen: Screen, bus: string, home: string): Readonly<Record<string, string>> {
  const own = process.env
  const left = ['WAYLAND_DISPLAY', 'XDG_CONFIG_HOME']
  const defined = Object.entries(own).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !left.includes(entry[0]),
  )
  const direct = [own['no_proxy'], ...ASSIGNED_DOMAINS].filter(each => each !== undefined).join(',')
  return {
    ...Object.fromEntries(defined),
    ...screen.env,
    HOME: home,
    DBUS_SYSTEM_BUS_ADDRESS: bus,
    DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    no_proxy: direct,
    NO_PROXY: direct,
  }
}

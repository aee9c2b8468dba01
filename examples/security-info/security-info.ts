import express from 'express'
import type { Express } from 'express'
import type { Timeouts } from 'fido-hybrid'
import { airAdvertiser, airScanner } from 'fido-hybrid/adapters/air-client'
import { serveAirHub } from 'fido-hybrid/adapters/air-hub'
import { nodePlatform } from 'fido-hybrid/node'
import type { Platform } from 'fido-hybrid/node'
import { serveTunnel } from 'fido-hybrid/service'
import type { WalletContents } from '../digital-credential/presentation.js'
import { makeWorld } from '../digital-credential/world.js'
import { servePages } from './http/assets.js'
import { onlyFor, securityHeaders } from './http/guard.js'
import { listenOnLoopback } from './http/listen.js'
import { notFound, tellProblems } from './http/problem.js'
import { Laptop } from './laptop/laptop.js'
import { laptopRoutes } from './laptop/routes.js'
import { AuthenticatorApp } from './phone/authenticator-app.js'
import { STUDENT } from './phone/card-wallet.js'
import { PROFILES, phoneRoutes } from './phone/routes.js'
import { VirtualPhone } from './phone/virtual-phone.js'
import { openRelyingParty } from './relying-party/relying-party.js'
import type { RelyingParty } from './relying-party/relying-party.js'
import { openStorage } from './storage.js'
import type { Storage } from './storage.js'

/** How the demo is started. */
export interface SecurityInfoOptions {
  /** Of the pages; 0 picks a free one. */
  readonly port: number
  /** Where accounts and passkeys are kept; without it nothing stays. */
  readonly folder?: string | undefined
  /** A tunnel service instead of the demo’s own. */
  readonly tunnelUrl?: string | undefined
  /** The laptop’s patience. */
  readonly timeouts?: Partial<Timeouts> | undefined
  /** Hears of the program’s own mistakes. */
  readonly onFault?: ((error: unknown) => void) | undefined
}

/** The demo, running. */
export interface SecurityInfo {
  /** The site, `http://localhost:PORT`. */
  readonly url: string
  /** The phone’s screen. */
  readonly phoneUrl: string
  /** With these, `fido-hybrid phone scan` can be the phone. */
  readonly tunnelUrl: string
  readonly airUrl: string
  /** Ends everything, and settles when nothing is left; safe to call twice. */
  close(): Promise<void>
}

const MAX_BODY = '64kb'

/**
 * Starts the site, the laptop, the phone, and a tunnel service and an air between them, all on loopback.
 * @throws what the system says to a port that is taken, and StoreError for the folder.
 */
export async function startSecurityInfo(options: SecurityInfoOptions): Promise<SecurityInfo> {
  const closers: (() => Promise<void>)[] = []
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= closeAll(closers))
  try {
    return { ...(await start(options, closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The last one started is the first one closed. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of closers.toReversed()) await close()
}

async function start(
  options: SecurityInfoOptions,
  closers: (() => Promise<void>)[],
): Promise<Omit<SecurityInfo, 'close'>> {
  const opened = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    closers.push(() => part.close())
    return part
  }
  const storage = opened(await openStorage(options.folder, PROFILES))
  const air = opened(await serveAirHub({ port: 0 }))
  const tunnelUrl = options.tunnelUrl ?? opened(await serveTunnel({ port: 0 })).url
  const server = opened(await listenOnLoopback(options.port))
  const world = await makeWorld()
  const places = { tunnelUrl, airUrl: air.url }
  const devices = await makeDevices(options, storage, places, await world.enrol(STUDENT))
  closers.push(() => devices.close())
  // Everybody’s text messages come to the one phone that there is.
  const sendText = (text: string): void => devices.phone.showMessage(text)
  const { origin } = server
  const verifier = await world.verifier('Example', origin)
  const site = opened(openRelyingParty({ origin, path: storage.databasePath, sendText, verifier }))
  server.answerWith(await application(server.origin, site, devices, options.onFault))
  // Closed first, so that no request reaches a part that has already gone.
  opened(server)
  return { url: server.origin, phoneUrl: `${server.origin}/phone`, tunnelUrl, airUrl: air.url }
}

interface Devices {
  readonly laptop: Laptop
  readonly phone: VirtualPhone
  close(): Promise<void>
}

async function makeDevices(
  { timeouts }: SecurityInfoOptions,
  { computer, links, phones }: Storage,
  { tunnelUrl, airUrl }: { readonly tunnelUrl: string; readonly airUrl: string },
  card: WalletContents,
): Promise<Devices> {
  const radio = { scanner: airScanner(airUrl), advertiser: airAdvertiser(airUrl) }
  const platform: Platform = nodePlatform(radio)
  const laptop = new Laptop({ ...platform, tunnelUrl, store: computer, links, timeouts })
  const phone = new VirtualPhone({ parts: { ...platform, tunnelUrl }, stores: phones, card })
  await phone.refresh()
  const close = async (): Promise<void> => {
    await Promise.all([laptop.close(), phone.close()])
  }
  return { laptop, phone, close }
}

async function application(
  origin: string,
  site: RelyingParty,
  { laptop, phone }: Devices,
  onFault: SecurityInfoOptions['onFault'],
): Promise<Express> {
  const app = express().disable('x-powered-by')
  app.use(securityHeaders, onlyFor(origin), express.json({ limit: MAX_BODY }))
  app.use('/api', site.routes)
  // A browser’s signal goes to the password managers of its user, which tell their phones.
  const signal = async (options: Parameters<VirtualPhone['signalUnknownCredential']>[0]): Promise<void> => {
    await Promise.all([laptop.signalUnknownCredential(options), phone.signalUnknownCredential(options)])
  }
  app.use('/laptop', laptopRoutes(laptop, signal))
  app.use('/phone', phoneRoutes(phone, new AuthenticatorApp(origin, phone)))
  app.use(['/security-info', '/settings'], ...site.doorkeeper)
  app.use(
    await servePages(),
    notFound,
    tellProblems(error => onFault?.(error)),
  )
  return app
}

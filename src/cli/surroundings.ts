import type { Readable, Writable } from 'node:stream'
import type { WsDialerOptions } from '../adapters/ws/ws.js'
import type { HybridAuthenticatorOptions } from '../authenticator/hybrid-authenticator.js'
import type { HybridClientOptions } from '../client/hybrid-client.js'
import type { BleAdvertiser, BleScanner } from '../ports/ble.js'
import type { Environment } from './doctor/environment.js'
import type { OnSignal } from './interrupt.js'

/** Text goes in; a terminal says so. */
export type TextSource = Readable & { readonly isTTY?: boolean }

/** Text goes out; a terminal says so, and how large it is. */
export type TextSink = Writable & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** What replaces the platform’s defaults in this run. */
interface PlatformChoice {
  readonly tunnel?: WsDialerOptions | undefined
  readonly scanner?: BleScanner | undefined
  readonly advertiser?: BleAdvertiser | undefined
  readonly platform?: NodeJS.Platform | undefined
}

/** The ports of both roles, as `nodePlatform` makes them. */
type Platform = HybridClientOptions & Omit<HybridAuthenticatorOptions, 'handler'>

/** What a run of the command line has around it: the process, or its stand-in in tests. */
export interface Surroundings {
  readonly stdin: TextSource
  readonly stdout: TextSink
  readonly stderr: TextSink
  readonly env: Readonly<Record<string, string | undefined>>
  readonly version: string
  /** Fires at the first Ctrl-C. */
  readonly signal: AbortSignal
  readonly onHangUp: OnSignal
  readonly onNextSignal: OnSignal
  /** For the doctor. */
  readonly environment: Environment
  platform(choice: PlatformChoice): Platform
}

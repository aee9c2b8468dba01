import type { HybridClientOptions } from '../../client/hybrid-client.js'
import type { Timeouts } from '../../session/position.js'
import { badUsage } from '../failure.js'
import { askTerminal } from '../input.js'
import type { Invocation } from '../invocation.js'
import { readPreconnect } from '../options/preconnect.js'
import { readLaptopRadio } from '../options/data-channel.js'
import { readTunnelOptions } from '../options/tunnel.js'
import { readQrImagePath } from './qr-file.js'

/** The options of every command that meets a phone. */
interface Laptop {
  /** Path of the request; `-` is stdin. */
  readonly optionsPath: string
  readonly imagePath: string | undefined
  readonly timeouts: Partial<Timeouts> | undefined
  readonly client: HybridClientOptions
}

/** Reads the options of a command that meets a phone, before it reads the request. */
export async function readLaptop({ options, output, surroundings }: Invocation): Promise<Laptop> {
  const optionsPath = options.requiredText('options')
  const scan = options.requiredText('scan')
  if (optionsPath === '-' && scan === 'stdin')
    throw badUsage('--options - and --scan stdin cannot both read stdin')
  const { tunnelUrl, dialer, timeouts } = await readTunnelOptions(options, surroundings)
  const { scanner, ...channels } = readLaptopRadio(options, surroundings.stdin)
  const imagePath = await readQrImagePath(options)
  const platform = surroundings.platform({ tunnel: dialer, scanner })
  const allowUnprovenProximity = options.flag('allowUnprovenProximity')
  const preconnect = readPreconnect(options)
  const client = { ...platform, ...channels, tunnelUrl, allowUnprovenProximity, preconnect }
  if (optionsPath === '-')
    askTerminal(surroundings.stdin, 'the options, JSON, and end them with Ctrl-D', output)
  return { optionsPath, imagePath, timeouts, client }
}

import { Option } from 'commander'
import type { HybridAuthenticatorOptions } from '../../authenticator/hybrid-authenticator.js'
import type { HybridClientOptions } from '../../client/hybrid-client.js'
import type { DataChannelChoice } from '../../qr/data-channel.js'
import { badUsage } from '../failure.js'
import type { Output } from '../output.js'
import type { TextSource } from '../surroundings.js'
import type { GivenOptions } from './given.js'
import { chooseAdvertiser, chooseAirDevice, chooseScanner, isBluez } from './proximity.js'

const CHOICES: readonly DataChannelChoice[] = ['tunnel', 'ble', 'auto']

/** The radio of a laptop and its data channels. A member that is absent is that of the platform. */
type LaptopRadio = Pick<HybridClientOptions, 'dataChannel' | 'dataChannelDialer'> & {
  readonly scanner: ReturnType<typeof chooseScanner>
}

/** The radio of a phone and its data channels; read like `LaptopRadio`. */
type PhoneRadio = Pick<HybridAuthenticatorOptions, 'dataChannel' | 'dataChannelListener'> & {
  readonly advertiser: ReturnType<typeof chooseAdvertiser>
}

const ABOUT =
  'tunnel: over the internet; ble: over Bluetooth alone, for phones that can; auto: over Bluetooth where that works, else the tunnel'

/** `--data-channel`, which `readLaptopRadio` and `readPhoneRadio` read. */
export function dataChannelOption(about: string = ABOUT): Option {
  return new Option('--data-channel <channel>', about).choices(CHOICES).default('tunnel')
}

/** What `--scan` and `--data-channel` say. @throws CommandLineError for names that are not known, or do not go together. */
export function readLaptopRadio(options: GivenOptions, stdin: TextSource): LaptopRadio {
  const scan = options.requiredText('scan')
  const dataChannel = readChoice(options)
  const device = chooseAirDevice(scan)
  if (device !== undefined) {
    const { scanner, dataChannelDialer } = device
    return { dataChannel, scanner, dataChannelDialer }
  }
  if (dataChannel !== 'tunnel') requireChannels('--scan', scan)
  return { dataChannel, scanner: chooseScanner(scan, stdin) }
}

/** What `--advertise` and `--data-channel` say. @throws CommandLineError like `readLaptopRadio`. */
export function readPhoneRadio(options: GivenOptions, output: Output): PhoneRadio {
  const advertise = options.requiredText('advertise')
  const dataChannel = readChoice(options)
  const device = chooseAirDevice(advertise)
  if (device !== undefined) {
    const { advertiser, dataChannelListener } = device
    return { dataChannel, advertiser, dataChannelListener }
  }
  if (dataChannel !== 'tunnel') requireChannels('--advertise', advertise)
  return { dataChannel, advertiser: chooseAdvertiser(advertise, output) }
}

/** The choice of `--data-channel`; the tunnel for a command without the option. */
function readChoice(options: GivenOptions): DataChannelChoice {
  const name = options.text('dataChannel')
  return CHOICES.find(choice => choice === name) ?? 'tunnel'
}

/** Channels go out from the machine that adverts name, and only some radios name one. */
function requireChannels(option: string, radio: string): void {
  if (radio === 'auto' || isBluez(radio)) return
  throw badUsage(`--data-channel needs ${option} auto, bluez, bluez:hciN or air:URL, not ${radio}`)
}

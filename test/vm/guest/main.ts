// What the unprivileged user of the guest does, part by part.
import { useCommandLine } from './command-line.js'
import { runCompliance } from './compliance.js'
import { interruptRadios } from './interruption.js'
import { killRadioUsers } from './killed.js'
import { useLibrary } from './library.js'
import { compareCarriers } from './carriers.js'
import { fallBack, registerOften, useChannel } from './channel-ceremony.js'
import { dialAddresses } from './channel-addresses.js'
import { cutChannels, dialHeard, dialOften, runChannelCompliance } from './data-channel.js'
import { isLibwebauthnHere, meetLibwebauthn } from './libwebauthn.js'
import { describeMachine } from './machine.js'
import { part } from './part.js'

await part('machine', describeMachine)
await part('library', useLibrary)
await part('command-line', useCommandLine)
await part('channel-compliance', runChannelCompliance)
await part('channel-heard', dialHeard)
await part('channel-often', dialOften)
await part('channel-ceremonies', useChannel)
if (isLibwebauthnHere) await part('libwebauthn', meetLibwebauthn)
await part('channel-registrations', registerOften)
await part('carriers', compareCarriers)
await part('channel-fallback', fallBack)
await part('channel-addresses', dialAddresses)
await part('channel-cut', cutChannels)
await part('killed', killRadioUsers)
await part('interruption', interruptRadios)
await part('compliance', runCompliance)

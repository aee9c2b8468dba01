import { lacking, program } from '../support/peer.js'
import { ownNetworks } from './own-network.js'
import { crates, headers } from './program.js'

/** What is missing of what libwebauthn is compiled with; undefined when it can be. */
export const lackingToCompile = (): string | undefined =>
  lacking(program('cargo', 'rustup.rs installs it'), headers, crates)

/** What is missing of what libwebauthn is compiled and run with; undefined when it can run. */
export const lackingForLibwebauthn = (): string | undefined =>
  lacking(
    program('dbus-daemon', 'test/peers/install-packages.sh installs it'),
    program('ip', 'test/peers/install-packages.sh installs it', ['-V']),
    ownNetworks,
    lackingToCompile,
  )

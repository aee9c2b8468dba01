import { describe, expect, test } from 'vitest'
import { describePeer, lacking, program } from '../support/peer.js'
import { cellsByCode } from './cells-by-code.js'
import { cellsByLink } from './cells-by-link.js'
import { cellsOfEnds } from './cells-of-ends.js'
import { cellsOfExtensions } from './cells-of-extensions.js'
import { cellsOfTheCommand } from './cells-of-the-command.js'
import { ownNetworks } from './own-network.js'
import { crates, headers, lockedVersion } from './program.js'
import { useSurroundings } from './surroundings.js'

describePeer(
  {
    name: 'libwebauthn',
    version: () => lockedVersion('libwebauthn'),
    lacks: lacking(
      program('cargo', 'rustup.rs installs it'),
      program('dbus-daemon', 'test/peers/install-packages.sh installs it'),
      program('ip', 'test/peers/install-packages.sh installs it', ['-V']),
      ownNetworks,
      headers,
      crates,
    ),
  },
  () => {
    test('is the published crate', () => {
      expect(lockedVersion('libwebauthn')).toBe('0.11.0')
    })
    const around = useSurroundings()
    describe('by a code', () => cellsByCode(around))
    describe('extensions', () => cellsOfExtensions(around))
    describe('ends', () => cellsOfEnds(around))
    describe('by a link', () => cellsByLink(around))
    describe('our command', () => cellsOfTheCommand(around))
  },
)

import { describe, expect, test } from 'vitest'
import { describePeer } from '../support/peer.js'
import { cellsByCode } from './cells-by-code.js'
import { cellsByLink } from './cells-by-link.js'
import { cellsOfEnds } from './cells-of-ends.js'
import { cellsOfExtensions } from './cells-of-extensions.js'
import { cellsOfTheCommand } from './cells-of-the-command.js'
import { lockedVersion } from './program.js'
import { lackingForLibwebauthn } from './requirements.js'
import { useSurroundings } from './surroundings.js'

describePeer(
  {
    name: 'libwebauthn',
    version: () => lockedVersion('libwebauthn'),
    lacks: lackingForLibwebauthn(),
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

import { expect, test } from 'vitest'
import { describePeer, lacking, program } from '../support/peer.js'
import { lockedVersion } from './locked-version.js'

describePeer(
  {
    name: 'libwebauthn',
    version: () => lockedVersion('libwebauthn'),
    lacks: lacking(program('cargo', 'rustup.rs installs it')),
  },
  () => {
    test('is the published crate', () => {
      expect(lockedVersion('libwebauthn')).toBe('0.11.0')
    })
  },
)

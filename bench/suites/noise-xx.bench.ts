import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import type { Suite } from '../harness/group.js'
import { INSTALL_PEERS, loadPeer } from '../harness/peers.js'
import { parties, shakeHands } from './handshake/parties.js'

const OURS = 'fido-hybrid, KNpsk0 P-256, node'
const THEIRS = '@chainsafe/libp2p-noise, XX 25519, node'
const FOLDER = './node_modules/@chainsafe/libp2p-noise/dist/src'

/** What is used of the library’s inside; its public face adds libp2p’s signed identity. */
interface HandshakeState {
  writeMessageA(payload: Uint8Array): unknown
  readMessageA(message: unknown): void
  writeMessageB(payload: Uint8Array): unknown
  readMessageB(message: unknown): void
  writeMessageC(payload: Uint8Array): unknown
  readMessageC(message: unknown): void
  readonly ss: { split(): unknown }
}

interface Protocol {
  readonly XXHandshakeState: new (options: object) => HandshakeState
}

interface Wrapper {
  wrapCrypto(crypto: unknown): { generateKeypair(): unknown }
}

/** For information: another Noise pattern on another curve, with three messages. */
export const measure: Suite = async context => {
  const protocol = (await loadPeer(`${FOLDER}/protocol.js`)) as Protocol | undefined
  const wrapper = (await loadPeer(`${FOLDER}/crypto.js`)) as Wrapper | undefined
  const defaults = (await loadPeer(`${FOLDER}/crypto/index.js`)) as { defaultCrypto: unknown } | undefined
  if (protocol === undefined || wrapper === undefined || defaults === undefined) {
    context.omit({ name: THEIRS, reason: INSTALL_PEERS })
    return
  }
  const both = parties(nodeCryptoProvider, 'qr-initiated')
  await context.group({
    name: 'both sides',
    title: 'Another Noise library, both sides, its own pattern and curve (for information)',
    variants: [
      { name: OURS, run: () => shakeHands(nodeCryptoProvider, both) },
      { name: THEIRS, run: xxHandshake(protocol, wrapper.wrapCrypto(defaults.defaultCrypto)) },
    ],
    claims: [{ of: OURS, against: THEIRS }],
  })
}

function xxHandshake(
  { XXHandshakeState }: Protocol,
  crypto: ReturnType<Wrapper['wrapCrypto']>,
): () => unknown {
  const empty = new Uint8Array()
  const [initiator, responder] = [crypto.generateKeypair(), crypto.generateKeypair()]
  const state = (isInitiator: boolean, s: unknown): HandshakeState =>
    new XXHandshakeState({
      crypto,
      protocolName: 'Noise_XX_25519_ChaChaPoly_SHA256',
      initiator: isInitiator,
      prologue: empty,
      s,
    })
  return () => {
    const [ours, theirs] = [state(true, initiator), state(false, responder)]
    theirs.readMessageA(ours.writeMessageA(empty))
    ours.readMessageB(theirs.writeMessageB(empty))
    theirs.readMessageC(ours.writeMessageC(empty))
    return [ours.ss.split(), theirs.ss.split()]
  }
}

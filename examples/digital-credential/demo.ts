import type { HybridClient, JsonObject, Qr } from 'fido-hybrid'
import { createCredentials } from 'fido-hybrid/credentials'
import { createLab } from 'fido-hybrid/testing'
import { VirtualWallet } from 'fido-hybrid/virtual'
import type { WalletConsentRequest } from 'fido-hybrid/virtual'
import { CLAIMS } from './student-card.js'
import type { Protocol, Question, Verified, VerifierOptions } from './question.js'
import { ask } from './verifier.js'
import { studentWallet } from './wallet.js'
import { makeWorld } from './world.js'

const ORIGIN = 'https://museum.example'
const ADA = {
  given_name: 'Ada',
  family_name: 'Lovelace',
  student_number: '2026-0042',
  birth_date: '2004-12-10',
}
const WANTED = ['given_name', 'student_number']
const PROTOCOLS: readonly Protocol[] = ['openid4vp-v1-unsigned', 'openid4vp-v1-signed', 'org-iso-mdoc']

/** Who says what. */
export type Say = (who: string, ...lines: readonly string[]) => void

/** Issues a card, then asks for it in every protocol, by the client and by `navigator.credentials`, and is refused twice. */
export async function runWalletDemo(say: Say): Promise<void> {
  const { museum, wallet } = await meet(say)
  for (const protocol of PROTOCOLS) {
    say('', `${protocol}, by client.getDigital()`)
    await shown(say, [await ask(museum, protocol, WANTED)], byClient(wallet(agreeing(say))))
  }
  say('', 'all three, by navigator.credentials.get({ digital }): the wallet answers the first')
  const all = await Promise.all(PROTOCOLS.map(protocol => ask(museum, protocol, WANTED)))
  await shown(say, all, byContainer(wallet(agreeing(say))))
  say('', 'a claim that is not on the card')
  const [unsigned] = await Promise.all([ask(museum, 'openid4vp-v1-unsigned', ['shoe_size'])])
  await refused(say, unsigned, byContainer(wallet(agreeing(say))))
  say('', 'Ada says no')
  await refused(say, await ask(museum, 'org-iso-mdoc', WANTED), byContainer(wallet(declining(say))))
}

type Consent = (request: WalletConsentRequest) => boolean
/** Brings the museum’s requests to the phone, over QR code, advert, tunnel and handshake. */
type Way = (requests: Question['request'][]) => Promise<{ protocol: string; data: JsonObject }>

async function meet(
  say: Say,
): Promise<{ museum: VerifierOptions; wallet: (consent: Consent) => VirtualWallet }> {
  const world = await makeWorld()
  const contents = await world.enrol(ADA)
  say('college', 'makes a student card, as SD-JWT VC and as mdoc, bound to a key that stays in Ada’s phone')
  const options = studentWallet(contents, (_, reason) =>
    say('phone', `passes over the request, and asks nobody: ${reason.message}`),
  )
  return {
    museum: await world.verifier('Museum', ORIGIN),
    wallet: consent => new VirtualWallet({ ...options, consent }),
  }
}

function byClient(wallet: VirtualWallet): Way {
  const { client, onQr } = laptopAndPhone(wallet)
  return requests => client.getDigital({ requests }, { origin: ORIGIN, onQr })
}

function byContainer(wallet: VirtualWallet): Way {
  const { client, onQr } = laptopAndPhone(wallet)
  const credentials = createCredentials({ client, origin: ORIGIN, onQr })
  return async requests => {
    const credential = await credentials.get({ digital: { requests } })
    if (credential === null) throw new Error('there is no credential')
    return { protocol: credential.protocol, data: credential.data as JsonObject }
  }
}

function laptopAndPhone(wallet: VirtualWallet): { client: HybridClient; onQr: (qr: Qr) => void } {
  const lab = createLab()
  const phone = lab.phone({ wallet })
  return { client: lab.client(), onQr: qr => void phone.scan(qr.url).catch(() => undefined) }
}

async function shown(say: Say, questions: readonly Question[], way: Way): Promise<void> {
  say('museum', `asks for ${WANTED.join(' and ')}`)
  const { protocol, data } = await way(questions.map(({ request }) => request))
  const question = questions.find(({ request }) => request.protocol === protocol)
  if (question === undefined) throw new Error('the answer is to no request')
  say('museum', ...verifiedLines(await question.verify(data)))
}

function verifiedLines({ claims, checks }: Verified): readonly string[] {
  const told = CLAIMS.filter(name => name in claims).map(name => `${name} ${String(claims[name])}`)
  const kept = CLAIMS.filter(name => !(name in claims))
  return [
    `is shown ${told.join(' and ')}; it does not learn ${kept.join(' and ')}`,
    ...checks.map(check => `verified: ${check}`),
  ]
}

async function refused(say: Say, { request }: Question, way: Way): Promise<void> {
  say('museum', 'asks')
  const error: unknown = await way([request]).then(
    () => new Error('the wallet gave something'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error && error.name === 'NotAllowedError')) throw error
  say('museum', `is told ${error.name}: ${error.message}`)
}

const prompt = ({ origin, asks }: WalletConsentRequest): readonly string[] => [
  `asks Ada: ${origin} wants`,
  ...asks.map(claim => `  ${claim}`),
]

const agreeing =
  (say: Say): Consent =>
  request => {
    say('phone', ...prompt(request), 'Ada agrees')
    return true
  }

const declining =
  (say: Say): Consent =>
  request => {
    say('phone', ...prompt(request), 'Ada declines')
    return false
  }

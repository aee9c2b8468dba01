import { decodedOrUndefined } from '../bytes/decoded.js'
import { encodeHex } from '../bytes/hex.js'
import { decodeGetInfo } from '../ctap/get-info.js'
import type { GetInfo } from '../ctap/get-info.js'
import type { Introduction } from '../session/client-io.js'
import type { IntroductionRecord } from './records.js'

const OPTIONS = [
  'alwaysUv',
  'authnrCfg',
  'bioEnroll',
  'clientPin',
  'credMgmt',
  'ep',
  'jsonMessages',
  'largeBlobs',
  'makeCredUvNotRqd',
  'noMcGaPermissionsWithClientPin',
  'pinUvAuthToken',
  'plat',
  'rk',
  'setMinPINLength',
  'up',
  'uv',
  'uvToken',
]

/** The features that a trace has words for. */
export const FEATURES = ['ctap', 'dc'] as const

type Words = 'versions' | 'extensions' | 'options' | 'transports'

/** The words that a phone may say of itself in a trace (CTAP 2.3 section 6.4); another may hold anything. */
export const INTRODUCTION_WORDS: Readonly<Record<Words, readonly string[]>> = {
  versions: ['U2F_V2', 'FIDO_2_0', 'FIDO_2_1_PRE', 'FIDO_2_1', 'FIDO_2_2', 'FIDO_2_3'],
  extensions: [
    'appid',
    'credBlob',
    'credProps',
    'credProtect',
    'devicePubKey',
    'hmac-secret',
    'hmac-secret-mc',
    'largeBlob',
    'largeBlobKey',
    'minPinLength',
    'payment',
    'pinComplexityPolicy',
    'prf',
    'supplementalPubKeys',
    'thirdPartyPayment',
    'uvm',
  ],
  options: OPTIONS.flatMap(name => [name, `-${name}`]),
  transports: ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'],
}

/** The most algorithms that a trace keeps of one phone. */
export const ALGORITHMS_MAX = 32

const INT32 = 2 ** 31
/** Whether a number can stand in a trace as a COSE algorithm. */
export function isAlgorithm(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(Number(value)) < INT32
}

/** What a phone says of itself, as far as the format has words for it. */
export function introductionMembers({
  features,
  getInfo,
  getInfoBytes,
}: Introduction): Omit<IntroductionRecord, 'type' | 'session' | 'ms'> {
  const info = getInfo ?? (getInfoBytes && decodedOrUndefined(() => decodeGetInfo(getInfoBytes)))
  const known = FEATURES.filter(name => features.includes(name))
  const others = features.length - known.length
  return info === undefined ? { features: known, others } : { features: known, ...infoMembers(info, others) }
}

function infoMembers(
  info: GetInfo,
  othersBefore: number,
): Omit<IntroductionRecord, 'type' | 'session' | 'ms' | 'features'> {
  let others = othersBefore + (info.others?.size ?? 0)
  const known = (kind: Words, words: readonly string[] | undefined): readonly string[] | undefined => {
    const kept = words && INTRODUCTION_WORDS[kind].filter(word => words.includes(word))
    others += (words?.length ?? 0) - (kept?.length ?? 0)
    return kept
  }
  const { maxMsgSize, maxCredentialCountInList, maxCredentialIdLength } = info
  const words = {
    versions: known('versions', info.versions),
    extensions: known('extensions', info.extensions),
    options: known(
      'options',
      info.options && Array.from(info.options, ([name, on]) => (on ? name : `-${name}`)),
    ),
    transports: known('transports', info.transports),
  }
  return {
    ...words,
    aaguid: uuidOf(info.aaguid),
    algorithms: info.algorithms?.filter(isAlgorithm).slice(0, ALGORITHMS_MAX),
    maxMsgSize: uint32(maxMsgSize),
    maxCredentialCountInList: uint32(maxCredentialCountInList),
    maxCredentialIdLength: uint32(maxCredentialIdLength),
    others: Math.max(0, others),
  }
}

const UINT32_MAX = 2 ** 32 - 1

function uint32(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.min(value, UINT32_MAX)
}

/** 8-4-4-4-12 hex digits. */
function uuidOf(aaguid: Uint8Array): string {
  return encodeHex(aaguid).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

import { decodeGetInfo } from '../ctap/get-info.js'
import { UsageError } from '../errors.js'
import { callingPort } from '../ports/calling.js'
import type { PhoneHandler } from '../ports/ctap-handler.js'
import { carriedFor } from '../qr/request-type.js'
import type { Carried, RequestType } from '../qr/request-type.js'

const CTAP = 'ctap'
const DIGITAL = 'dc'

/** What a phone with this handler says in its introduction, and what its connection then carries. */
interface PhoneOffer {
  readonly features: readonly string[]
  readonly getInfo: Uint8Array | undefined
  readonly carries: Carried
}

/**
 * What a handler offers. A mistake of the handler shows before a client waits for it.
 * @param requestType of the QR code; undefined for a linked client, which comes for passkeys.
 * @throws UsageError `argument-invalid`; what `getInfo` throws.
 */
export function offerOf(handler: PhoneHandler, requestType?: RequestType): PhoneOffer {
  const features = featuresOf(handler)
  const isDigital = features.includes(DIGITAL) && (carriedFor(requestType) === 'json' || !speaksCtap(handler))
  return { features, getInfo: checkedGetInfo(handler), carries: isDigital ? 'json' : 'ctap' }
}

/** Whether the phone can hold passkeys. */
export function speaksCtap(handler: PhoneHandler): boolean {
  return handler.handle !== undefined
}

function featuresOf(handler: PhoneHandler): readonly string[] {
  const follows = [speaksCtap(handler) ? CTAP : undefined, handler.handleJson && DIGITAL]
  const features = new Set(handler.features)
  for (const feature of follows) if (feature !== undefined) features.add(feature)
  if (handler.features === undefined || handler.features.includes(CTAP) === speaksCtap(handler))
    return [...features]
  // Every client would hang up, and would not say why.
  throw new UsageError('argument-invalid', 'handler.features must contain ctap exactly where there is handle')
}

function checkedGetInfo(handler: PhoneHandler): Uint8Array | undefined {
  if (handler.getInfo === undefined) return undefined
  const getInfo = callingPort('handler.getInfo', () => handler.getInfo())
  try {
    decodeGetInfo(getInfo)
    return getInfo
  } catch (cause) {
    throw new UsageError('argument-invalid', 'handler.getInfo must return an authenticatorGetInfo map', {
      cause,
    })
  }
}

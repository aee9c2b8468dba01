import { isCborMap } from '../cbor/map-reader.js'
import type { CborMap, CborValue } from '../cbor/value.js'
import type { GetInfo } from '../ctap/get-info.js'
import { responseInvalid } from './ceremony.js'

/** Where an authenticator may put what its extensions gave. */
export interface ExtensionOutputs {
  /** Beside the authenticator data, as phones do; key 6 of a registration, 8 of a sign-in (protocol.md 15.3). */
  readonly unsigned: CborMap | undefined
  /** In the authenticator data. */
  readonly signed: CborMap | undefined
}

/** One extension’s output; undefined without one. */
export function outputOf({ unsigned, signed }: ExtensionOutputs, name: string): CborValue | undefined {
  return unsigned?.get(name) ?? signed?.get(name)
}

/** @throws ProtocolError `response-invalid` for an output that is not a map. */
export function outputMapOf(outputs: ExtensionOutputs, name: string): CborMap | undefined {
  const output = outputOf(outputs, name)
  if (output === undefined || isCborMap(output)) return output
  throw responseInvalid(`has an output of ${name} that is not a map`)
}

/** Whether the phone says that it knows an extension; unknown ones are not sent (protocol.md 23). */
export function knowsExtension(info: GetInfo, name: string): boolean {
  return info.extensions?.includes(name) === true
}

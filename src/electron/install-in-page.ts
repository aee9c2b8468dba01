import { createCredentials } from '../credentials/create-credentials.js'
import { installCredentials } from '../credentials/install.js'
import { UsageError } from '../errors.js'
import type { Credentials } from '../credentials/create-credentials.js'
import { BridgedClient } from './bridged-client.js'
import type { PageBridge } from './page-bridge.js'

/** The global object of a page. */
export interface PageGlobal {
  readonly isSecureContext: boolean
  readonly location: { readonly origin: string }
}

/** Puts the container in a page, unless no ceremony can come from there. */
export function installInPage(target: PageGlobal, bridge: PageBridge): void {
  const credentials = target.isSecureContext ? pageCredentials(target.location.origin, bridge) : undefined
  if (credentials !== undefined) installCredentials(target, credentials)
}

/** The origin is for the looks: the main process knows the right one, and which RP IDs it may claim. */
function pageCredentials(origin: string, bridge: PageBridge): Credentials | undefined {
  const client = new BridgedClient(bridge)
  try {
    const credentials = createCredentials({ client, origin, appRpIds: [], fetchRelatedOrigins: neverFetched })
    Object.assign(credentials.PublicKeyCredential, {
      getClientCapabilities: () => client.getClientCapabilities(),
    })
    return credentials
  } catch (error) {
    if (error instanceof UsageError && error.code === 'origin-invalid') return undefined
    throw error
  }
}

/** Leaves the judgement to the main process. */
function neverFetched(): never {
  throw new UsageError('origin-invalid', 'pages do not fetch related origins')
}

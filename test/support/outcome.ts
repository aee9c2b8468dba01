import { expect } from 'vitest'
import type { AuthenticatorOutput } from '../../src/session/authenticator-io.js'
import type { ClientOutput } from '../../src/session/client-io.js'

/** The output that ends a session, if there is one. */
export function endOf(outputs: readonly (ClientOutput | AuthenticatorOutput)[]): unknown {
  return outputs.find(output => output.type === 'closed')
}

/** What `endOf` is for an error of this code. */
export function closedWith(code: string): unknown {
  return { type: 'closed', error: expect.objectContaining({ code }) as unknown }
}

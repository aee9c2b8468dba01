import { expect, test } from 'vitest'
import { typeCheck } from '../support/type-check.js'

const IN_A_BROWSER = `/// <reference lib="dom" />
import { createCredentials } from 'fido-hybrid/credentials'
import type { CredentialClient, Credentials } from 'fido-hybrid/credentials'
import { HybridClient, LocalClient } from 'fido-hybrid'

/** A container goes where the browser’s own does, and takes what it takes. */
export function container(credentials: Credentials): CredentialsContainer {
  return credentials
}
export async function both(
  credentials: Credentials,
  creation: CredentialCreationOptions,
  request: CredentialRequestOptions,
  creationJson: PublicKeyCredentialCreationOptionsJSON,
  requestJson: PublicKeyCredentialRequestOptionsJSON,
): Promise<readonly PublicKeyCredential[]> {
  await credentials.create(creation)
  await credentials.get(request)
  await credentials.create({ publicKey: creationJson })
  await credentials.get({ publicKey: requestJson })
  const { PublicKeyCredential: own } = credentials
  const publicKey = own.parseCreationOptionsFromJSON(creationJson)
  await navigator.credentials.create({ publicKey })
  await navigator.credentials.get({ publicKey: own.parseRequestOptionsFromJSON(requestJson) })
  const made = await credentials.create({ publicKey })
  const used = await credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(requestJson) })
  return used === null ? [made] : [made, used]
}

/** Both clients are clients of a container. */
export function clients(hybrid: HybridClient, local: LocalClient): readonly CredentialClient[] {
  createCredentials({ client: local, origin: location.origin, fetchRelatedOrigins: fetch })
  return [hybrid, local]
}
`

test('the types of a browser and those of a container fit each other', () => {
  expect(typeCheck(new Map([['types-of-credentials.ts', IN_A_BROWSER]]))).toEqual([])
})

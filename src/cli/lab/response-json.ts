import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { HttpFailure, STATUS } from '../http/http-failure.js'

type Members = ReadonlyMap<string, unknown>

/** Reads what the relying party verifies of a registration. @throws HttpFailure that names the member that is missing. */
export function readRegistration(json: unknown): RegistrationResponseJSON {
  const members = membersOf(json, 'body')
  const response = membersOf(members.get('response'), 'response')
  return {
    ...credential(members),
    response: {
      clientDataJSON: text(response, 'clientDataJSON'),
      attestationObject: text(response, 'attestationObject'),
    },
  }
}

/** Reads what the relying party verifies of a sign-in. @throws HttpFailure that names the member that is missing. */
export function readAuthentication(json: unknown): AuthenticationResponseJSON {
  const members = membersOf(json, 'body')
  const response = membersOf(members.get('response'), 'response')
  return {
    ...credential(members),
    response: {
      clientDataJSON: text(response, 'clientDataJSON'),
      authenticatorData: text(response, 'authenticatorData'),
      signature: text(response, 'signature'),
    },
  }
}

function credential(members: Members): Omit<RegistrationResponseJSON, 'response'> {
  if (members.get('type') !== 'public-key') throw invalid('type')
  return {
    id: text(members, 'id'),
    rawId: text(members, 'rawId'),
    type: 'public-key',
    clientExtensionResults: {},
  }
}

function membersOf(json: unknown, name: string): Members {
  if (typeof json !== 'object' || json === null) throw invalid(name)
  return new Map(Object.entries(json))
}

function text(members: Members, name: string): string {
  const value = members.get(name)
  if (typeof value !== 'string') throw invalid(name)
  return value
}

function invalid(name: string): HttpFailure {
  return new HttpFailure(STATUS.bad, `the credential’s ${name} is missing or of another type`)
}

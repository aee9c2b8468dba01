import type { Stage } from '../errors.js'
import type { AuthenticatorInput, AuthenticatorOutput } from './authenticator-io.js'
import type { ClientInput, ClientOutput } from './client-io.js'
import type {
  AuthenticatorEvent,
  AuthenticatorState,
  ClientEvent,
  ClientState,
  TimedStage,
} from './states.js'

/** The words of one role: its table of transitions, and what goes in and comes out. */
export interface MachineTypes {
  readonly state: string
  readonly event: string
  readonly timed: TimedStage
  readonly input: { readonly type: string }
  readonly output: { readonly type: string }
}

export interface ClientTypes extends MachineTypes {
  readonly state: ClientState
  readonly event: ClientEvent
  readonly timed: Stage
  readonly input: ClientInput
  readonly output: ClientOutput
}

export interface AuthenticatorTypes extends MachineTypes {
  readonly state: AuthenticatorState
  readonly event: AuthenticatorEvent
  readonly input: AuthenticatorInput
  readonly output: AuthenticatorOutput
}

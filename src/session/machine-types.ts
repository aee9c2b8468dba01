import type { AuthenticatorInput, AuthenticatorOutput } from './authenticator-io.js'
import type { ClientInput, ClientOutput } from './client-io.js'
import type {
  AuthenticatorEvent,
  AuthenticatorStage,
  AuthenticatorState,
  ClientEvent,
  ClientStage,
  ClientState,
  TimedStage,
} from './states.js'

/** The words of one role: its table of transitions, and what goes in and comes out. */
export interface MachineTypes {
  /** The name of a state. */
  readonly state: string
  /** The name of what moves the machine from one state to the next. */
  readonly event: string
  /** The stages that have a time limit. */
  readonly timed: TimedStage
  /** What `step` takes. */
  readonly input: { readonly type: string }
  /** What `step` returns, one of a list. */
  readonly output: { readonly type: string }
}

/** The words of the client: `CLIENT_TRANSITIONS` and what a `ClientSession` takes and gives. */
export interface ClientTypes extends MachineTypes {
  readonly state: ClientState
  readonly event: ClientEvent
  /** The stages that have a time limit. */
  readonly timed: ClientStage
  readonly input: ClientInput
  readonly output: ClientOutput
}

/** The words of the authenticator: `AUTHENTICATOR_TRANSITIONS` and what an `AuthenticatorSession` takes and gives. */
export interface AuthenticatorTypes extends MachineTypes {
  readonly state: AuthenticatorState
  readonly event: AuthenticatorEvent
  readonly timed: AuthenticatorStage
  readonly input: AuthenticatorInput
  readonly output: AuthenticatorOutput
}

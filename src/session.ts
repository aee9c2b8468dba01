/**
 * The machines of both roles without I/O: bytes and time go in, effects come out.
 * @module
 */
export { startClientHandshake } from './handshake/client-handshake.js'
export type {
  ClientHandshake,
  ClientHandshakeKeys,
  ClientHandshakeOptions,
} from './handshake/client-handshake.js'
export { answerHandshake } from './handshake/authenticator-handshake.js'
export type {
  AnsweredHandshake,
  AuthenticatorHandshakeKeys,
  AuthenticatorHandshakeOptions,
} from './handshake/authenticator-handshake.js'
export type { AdvertSender } from './advert/sender.js'
export type { DataChannelChoice, DataChannelName } from './qr/data-channel.js'
export type { SealedTraffic } from './handshake/sealed-traffic.js'
export type { TransactionKind } from './handshake/transaction-pattern.js'
export * from './session/authenticator-io.js'
export * from './session/authenticator-session.js'
export * from './session/authenticator-transaction.js'
export * from './session/client-io.js'
export * from './session/client-session.js'
export * from './session/client-transaction.js'
export type * from './session/machine-io.js'
export type { MeetingAuthenticator, MeetingAuthenticatorOptions } from './session/meeting-authenticator.js'
export type { MeetingClient, MeetingClientOptions } from './session/meeting-client.js'
export type { AuthenticatorTypes, ClientTypes, MachineTypes } from './session/machine-types.js'
export type { SessionMachine } from './session/machine.js'
export { DEFAULT_TIMEOUTS } from './session/position.js'
export type { Timeouts } from './session/position.js'
export * from './session/states.js'

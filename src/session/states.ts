import type { Stage } from '../errors.js'

/**
 * The client’s stages with a time limit. When `channel`, in which a BLE data channel is dialled, or `rescan`, which follows one that led to
 * another device, runs out, the session goes another way, if there is one.
 */
export type ClientStage = Stage | 'channel' | 'rescan'

/**
 * The authenticator’s. When `offer` runs out, it advertises what it has. When `goodbye` does, the session ends without an error: the answer
 * was sent.
 */
export type AuthenticatorStage = Stage | 'offer' | 'goodbye'

/** Stages with a time limit, of either role. */
export type TimedStage = ClientStage | AuthenticatorStage

/** What a machine does next: its states, and for each the events it expects with the state that follows. */
export type Transitions<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>

/** The client’s states, each named for what it awaits. */
export type ClientState =
  | 'idle'
  | 'awaiting-advert'
  | 'awaiting-advert-and-tunnel'
  | 'awaiting-advert-on-tunnel'
  | 'awaiting-tunnel'
  | 'awaiting-channel'
  | 'awaiting-another-advert'
  | 'awaiting-message-2'
  | 'awaiting-post-handshake'
  | 'awaiting-request'
  | 'awaiting-response'
  | 'awaiting-more'
  | 'awaiting-json-request'
  | 'awaiting-json-response'
  | 'awaiting-end'
  | 'closed'

/**
 * What moves the client. `dial` and `start-ble-scan` start a transaction; `end` is shutdown or end of stream; `stop` any failure or local
 * end; `…-for-json` leads to the one request of a connection that carries JSON. Of a BLE data channel: `advert-with-channel` leads to
 * one, `wrong-device` shows that it leads to another device than the phone, and `no-channel` leads back to the tunnel.
 */
export type ClientEvent =
  | 'start-ble-scan'
  | 'start-ble-scan-and-dial'
  | 'advert'
  | 'advert-with-channel'
  | 'tunnel-open'
  | 'channel-open'
  | 'no-channel'
  | 'message-2'
  | 'wrong-device'
  | 'post-handshake'
  | 'post-handshake-for-json'
  | 'update'
  | 'request'
  | 'response'
  | 'json-request'
  | 'json-response'
  | 'end'
  | 'stop'

/**
 * Every transition of the client. An event that a state does not list is a protocol violation by the peer,
 * or misuse by the caller. `end` where it is listed is a proper end; elsewhere the tunnel died early.
 */
export const CLIENT_TRANSITIONS: Transitions<ClientState, ClientEvent> = {
  idle: {
    'start-ble-scan': 'awaiting-advert',
    'start-ble-scan-and-dial': 'awaiting-advert-and-tunnel',
    stop: 'closed',
  },
  'awaiting-advert': {
    advert: 'awaiting-tunnel',
    'advert-with-channel': 'awaiting-channel',
    stop: 'closed',
  },
  'awaiting-advert-and-tunnel': {
    advert: 'awaiting-tunnel',
    'tunnel-open': 'awaiting-advert-on-tunnel',
    stop: 'closed',
  },
  'awaiting-advert-on-tunnel': { advert: 'awaiting-message-2', stop: 'closed' },
  'awaiting-tunnel': { 'tunnel-open': 'awaiting-message-2', stop: 'closed' },
  'awaiting-channel': {
    'channel-open': 'awaiting-message-2',
    'wrong-device': 'awaiting-another-advert',
    'no-channel': 'awaiting-tunnel',
    stop: 'closed',
  },
  'awaiting-another-advert': {
    advert: 'awaiting-tunnel',
    'advert-with-channel': 'awaiting-channel',
    'no-channel': 'awaiting-tunnel',
    stop: 'closed',
  },
  'awaiting-message-2': {
    'message-2': 'awaiting-post-handshake',
    'wrong-device': 'awaiting-another-advert',
    'no-channel': 'awaiting-tunnel',
    stop: 'closed',
  },
  'awaiting-post-handshake': {
    'post-handshake': 'awaiting-request',
    'post-handshake-for-json': 'awaiting-json-request',
    stop: 'closed',
  },
  'awaiting-request': { update: 'awaiting-request', request: 'awaiting-response', stop: 'closed' },
  'awaiting-response': { update: 'awaiting-response', response: 'awaiting-more', stop: 'closed' },
  'awaiting-more': { update: 'awaiting-more', request: 'awaiting-response', end: 'closed', stop: 'closed' },
  'awaiting-json-request': {
    update: 'awaiting-json-request',
    'json-request': 'awaiting-json-response',
    stop: 'closed',
  },
  'awaiting-json-response': {
    update: 'awaiting-json-response',
    'json-response': 'awaiting-end',
    stop: 'closed',
  },
  'awaiting-end': { update: 'awaiting-end', end: 'closed', stop: 'closed' },
  closed: {},
}

/** The stage that a client state belongs to, for deadlines and errors; undefined while the caller is in charge. */
export const CLIENT_STAGES: Readonly<Record<ClientState, ClientStage | undefined>> = {
  idle: undefined,
  'awaiting-advert': 'advert',
  'awaiting-advert-and-tunnel': 'advert',
  'awaiting-advert-on-tunnel': 'advert',
  'awaiting-tunnel': 'tunnel',
  'awaiting-channel': 'channel',
  'awaiting-another-advert': 'rescan',
  'awaiting-message-2': 'handshake',
  'awaiting-post-handshake': 'handshake',
  'awaiting-request': undefined,
  'awaiting-response': 'response',
  'awaiting-more': undefined,
  'awaiting-json-request': undefined,
  'awaiting-json-response': 'response',
  'awaiting-end': undefined,
  closed: undefined,
}

/** The authenticator’s states, each named for what it awaits. */
export type AuthenticatorState =
  | 'idle'
  | 'awaiting-tunnel'
  | 'awaiting-listener'
  | 'awaiting-listener-and-tunnel'
  | 'awaiting-tunnel-beside-listener'
  | 'awaiting-message-1'
  | 'awaiting-request'
  | 'awaiting-answer'
  | 'awaiting-more'
  | 'awaiting-json-request'
  | 'awaiting-json-answer'
  | 'awaiting-goodbye'
  | 'closed'

/**
 * What moves the authenticator. `last-answer` is that of a phone that takes no more commands; `decline` is an answer withheld: the
 * user refused as phones do. `listening` and `not-listening` are of its listener for BLE data channels, beside which there may be
 * `no-tunnel`.
 */
export type AuthenticatorEvent =
  | 'start'
  | 'start-listening'
  | 'start-listening-and-dial'
  | 'listening'
  | 'not-listening'
  | 'tunnel-open'
  | 'no-tunnel'
  | 'message-1'
  | 'message-1-for-json'
  | 'update'
  | 'request'
  | 'answer'
  | 'last-answer'
  | 'json-request'
  | 'json-answer'
  | 'decline'
  | 'end'
  | 'stop'

/** Every transition of the authenticator; read it like the client’s. */
export const AUTHENTICATOR_TRANSITIONS: Transitions<AuthenticatorState, AuthenticatorEvent> = {
  idle: {
    start: 'awaiting-tunnel',
    'start-listening': 'awaiting-listener',
    'start-listening-and-dial': 'awaiting-listener-and-tunnel',
    stop: 'closed',
  },
  'awaiting-tunnel': { 'tunnel-open': 'awaiting-message-1', stop: 'closed' },
  'awaiting-listener': {
    listening: 'awaiting-message-1',
    'not-listening': 'awaiting-message-1',
    stop: 'closed',
  },
  'awaiting-listener-and-tunnel': {
    listening: 'awaiting-tunnel-beside-listener',
    'not-listening': 'awaiting-tunnel',
    'tunnel-open': 'awaiting-listener',
    'no-tunnel': 'awaiting-listener',
    stop: 'closed',
  },
  'awaiting-tunnel-beside-listener': {
    'not-listening': 'awaiting-tunnel',
    'tunnel-open': 'awaiting-message-1',
    'no-tunnel': 'awaiting-message-1',
    stop: 'closed',
  },
  'awaiting-message-1': {
    'message-1': 'awaiting-request',
    'message-1-for-json': 'awaiting-json-request',
    stop: 'closed',
  },
  'awaiting-request': { update: 'awaiting-request', request: 'awaiting-answer', stop: 'closed' },
  'awaiting-answer': {
    update: 'awaiting-answer',
    answer: 'awaiting-more',
    'last-answer': 'awaiting-goodbye',
    decline: 'closed',
    stop: 'closed',
  },
  'awaiting-more': { update: 'awaiting-more', request: 'awaiting-answer', end: 'closed', stop: 'closed' },
  'awaiting-json-request': {
    update: 'awaiting-json-request',
    'json-request': 'awaiting-json-answer',
    stop: 'closed',
  },
  'awaiting-json-answer': {
    update: 'awaiting-json-answer',
    'json-answer': 'awaiting-goodbye',
    decline: 'closed',
    stop: 'closed',
  },
  'awaiting-goodbye': { update: 'awaiting-goodbye', end: 'closed', stop: 'closed' },
  closed: {},
}

/** The stage that an authenticator state belongs to; undefined while its own user is in charge. */
export const AUTHENTICATOR_STAGES: Readonly<Record<AuthenticatorState, AuthenticatorStage | undefined>> = {
  idle: undefined,
  'awaiting-tunnel': 'tunnel',
  'awaiting-listener': 'offer',
  'awaiting-listener-and-tunnel': 'offer',
  'awaiting-tunnel-beside-listener': 'offer',
  'awaiting-message-1': 'advert',
  'awaiting-request': 'request',
  'awaiting-answer': undefined,
  'awaiting-more': 'goodbye',
  'awaiting-json-request': 'request',
  'awaiting-json-answer': undefined,
  'awaiting-goodbye': 'goodbye',
  closed: undefined,
}

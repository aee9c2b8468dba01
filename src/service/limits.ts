import { limitsFrom } from '../bytes/limits.js'
import { UsageError } from '../errors.js'
import { SECOND_MS } from '../ports/clock.js'
import { SILENCE_LIMIT_MS } from '../tunnel/contact-frames.js'

const KIB = 1024
const MIB = 1024 * KIB

/**
 * What the relay core allows (protocol.md 7.5). One address is an IPv4 address or an IPv6 network (/64); an IPv6 /56 may have
 * twice as much, a /48 four times as much. Raise the shares where many people come from one address.
 */
export interface RelayLimits {
  /** How long a tunnel waits for its client, in milliseconds. Default 120 000. */
  readonly waitingLifetimeMs: number
  /** How long a tunnel lives once both are there, in milliseconds. Default 300 000. */
  readonly joinedLifetimeMs: number
  /** Longest message, in bytes. Default 1 MiB. */
  readonly maxMessageBytes: number
  /** What one direction keeps for a side that is not there or does not read, in bytes. Default 64 KiB. */
  readonly maxQueuedBytes: number
  /** The messages that one direction keeps in that way. Default 8. */
  readonly maxQueuedMessages: number
  /** Memory that messages take of all tunnels and lines together, sent but unread ones included, in bytes. Default 64 MiB. */
  readonly maxBufferedBytes: number
  /** Memory that messages take that are not whole yet, of all connections together, in bytes. Default 64 MiB. */
  readonly maxReceivingBytes: number
  /** Tunnels at a time, waiting and joined. Default 4096. */
  readonly maxTunnels: number
  /** Tunnels at a time that one address has opened. Default: a 64th of `maxTunnels`, but at least 16 if there are so many. */
  readonly maxTunnelsPerAddress: number
  /** Linked clients at a time whose phones have not joined yet. Default 1024. */
  readonly maxWaitingCalls: number
  /** Such linked clients of one address. Default: a 64th of `maxWaitingCalls`, but at least 16 if there are so many. */
  readonly maxWaitingCallsPerAddress: number
  /** How often one contact ID may be asked for in a minute. Default 10. */
  readonly maxCallsPerMinute: number
  /** How often one address may ask for any contact IDs in a minute. Default 120. */
  readonly maxCallsPerAddressPerMinute: number
  /** How often `onCall` is called in a minute. Default 3000. */
  readonly maxOutsideCallsPerMinute: number
  /** How often `onCall` is called in a minute for clients of one address. Default 30. */
  readonly maxOutsideCallsPerAddressPerMinute: number
  /** How long it is remembered that `onCall` answered `unknown`, in milliseconds. Default 30 000. */
  readonly unknownContactMs: number
  /** How long a linked client waits for an answer to its request, in milliseconds. Default 10 000. */
  readonly ringTimeoutMs: number
  /**
   * How long the directory is asked again for a phone whose line no instance holds, in milliseconds. It is asked again
   * only where an instance or the directory has failed in the last 10 s. Default 5 000.
   */
  readonly reAskMs: number
  /** Phones at a time that wait for linked clients on a line of their own. Default 4096. */
  readonly maxPhones: number
  /** Such phones of one address. Default: a 64th of `maxPhones`, but at least 16 if there are so many. */
  readonly maxPhonesPerAddress: number
  /** Opening of such a line to its first frame, in milliseconds. Default 10 000. */
  readonly registerTimeoutMs: number
  /** How long such a line may be silent, in milliseconds: 1 000 to 3 600 000, default 60 000. Phones ask three times as often. */
  readonly lineSilenceMs: number
  /** While the service drains, such lines are closed one by one over this time, in milliseconds. Default 5 000. */
  readonly drainLinesMs: number
  /**
   * Contact IDs that are remembered as revoked. Beyond that, the address that declared most loses its newest one.
   * Default 65 536.
   */
  readonly maxRevokedContacts: number
  /**
   * Contact IDs that the directory reports as revoked, and that are remembered. Beyond that, new ones are not. Default
   * 1 000 000.
   */
  readonly maxRevokedElsewhere: number
}

/** What the server in front of the core allows. */
export interface ServerLimits {
  /** TCP connect to upgrade request, in milliseconds. Default 10 000. */
  readonly upgradeTimeoutMs: number
  /** Our close frame to the end of the connection, in milliseconds. Default 2 000. */
  readonly closeTimeoutMs: number
  /** Request line and headers of one request, in bytes. Default 8 KiB. */
  readonly maxHeaderBytes: number
  /**
   * TCP connections at a time. Default: two for each tunnel, one for each phone, and 256 for requests that are about to
   * be refused.
   */
  readonly maxConnections: number
  /**
   * TCP connections at a time from one address. Default: two for each tunnel and one for each phone that an address may
   * have, and 16 for requests that are about to be refused.
   */
  readonly maxConnectionsPerAddress: number
  /** Path of one request, in characters. Default 2 048: a contact ID of 1024 bytes fits. */
  readonly maxPathLength: number
}

/** All limits of a tunnel service. What is left out keeps its default. */
export type TunnelServiceLimits = RelayLimits & ServerLimits

type DerivedLimit =
  | 'maxTunnelsPerAddress'
  | 'maxWaitingCallsPerAddress'
  | 'maxPhonesPerAddress'
  | 'maxConnections'
  | 'maxConnectionsPerAddress'

const SPARE_CONNECTIONS = 256
/** One address gets a share of one in this number, so that it takes as many addresses to use everything up. */
const ADDRESSES_TO_FILL = 64
/** A household or a small office. */
const MIN_SHARE = 16

const DEFAULTS: Omit<TunnelServiceLimits, DerivedLimit> = {
  waitingLifetimeMs: 120 * SECOND_MS,
  joinedLifetimeMs: 300 * SECOND_MS,
  maxMessageBytes: MIB,
  maxQueuedBytes: 64 * KIB,
  maxQueuedMessages: 8,
  maxBufferedBytes: 64 * MIB,
  maxReceivingBytes: 64 * MIB,
  maxTunnels: 4096,
  maxWaitingCalls: 1024,
  maxCallsPerMinute: 10,
  maxCallsPerAddressPerMinute: 120,
  maxOutsideCallsPerMinute: 3000,
  maxOutsideCallsPerAddressPerMinute: 30,
  unknownContactMs: 30 * SECOND_MS,
  ringTimeoutMs: 10 * SECOND_MS,
  reAskMs: 5 * SECOND_MS,
  maxPhones: 4096,
  registerTimeoutMs: 10 * SECOND_MS,
  lineSilenceMs: 60 * SECOND_MS,
  drainLinesMs: 5 * SECOND_MS,
  maxRevokedContacts: 65_536,
  maxRevokedElsewhere: 1_000_000,
  upgradeTimeoutMs: 10 * SECOND_MS,
  closeTimeoutMs: 2 * SECOND_MS,
  maxHeaderBytes: 8 * KIB,
  maxPathLength: 2048,
}

/**
 * All limits of a tunnel service, for a `Relay` of your own: those that are given, and the defaults of the others.
 * @throws UsageError `argument-invalid` for a limit that is not an integer above 0, or out of its range.
 *
 * @example
 * const relay = new Relay(serviceLimits({ maxTunnels: 100 }), crypto)
 */
export function serviceLimits(wanted: Partial<TunnelServiceLimits> = {}): TunnelServiceLimits {
  for (const [name, value] of Object.entries<number | undefined>(wanted)) {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1))
      throw new UsageError('argument-invalid', `limits.${name} must be an integer above 0, not ${value}`)
  }
  const limits = limitsFrom('limits', { ...DEFAULTS, ...derivedLimits(wanted) }, wanted)
  const { min, max } = SILENCE_LIMIT_MS
  if (limits.lineSilenceMs < min || limits.lineSilenceMs > max)
    throw new UsageError(
      'argument-invalid',
      `limits.lineSilenceMs must be ${min} to ${max}, not ${limits.lineSilenceMs}`,
    )
  return limits
}

/** The limits that follow from others. */
function derivedLimits(wanted: Partial<TunnelServiceLimits>): Pick<TunnelServiceLimits, DerivedLimit> {
  const {
    maxTunnels = DEFAULTS.maxTunnels,
    maxWaitingCalls = DEFAULTS.maxWaitingCalls,
    maxPhones = DEFAULTS.maxPhones,
    maxConnections = 2 * maxTunnels + maxPhones + SPARE_CONNECTIONS,
    maxTunnelsPerAddress = shareOfOne(maxTunnels),
    maxPhonesPerAddress = shareOfOne(maxPhones),
  } = wanted
  const ofOne = 2 * maxTunnelsPerAddress + maxPhonesPerAddress + MIN_SHARE
  return {
    maxTunnelsPerAddress,
    maxWaitingCallsPerAddress: shareOfOne(maxWaitingCalls),
    maxPhonesPerAddress,
    maxConnections,
    maxConnectionsPerAddress: Math.min(ofOne, maxConnections),
  }
}

function shareOfOne(all: number): number {
  return Math.min(all, Math.max(MIN_SHARE, Math.ceil(all / ADDRESSES_TO_FILL)))
}

/**
 * The tunnel service: a server, and the relay in it without I/O.
 * @module
 */
export type { AddressGroups } from './service/address-groups.js'
export type { DirectoryEvent } from './service/directory-seat.js'
export type {
  ContactDirectory,
  DirectoryAnswer,
  DirectoryListener,
  DirectoryMembership,
  HolderAnswer,
} from './ports/contact-directory.js'
export { contactTag } from './bytes/contact-tag.js'
export type { ContactTag } from './bytes/contact-tag.js'
export type { ConnectionDropReason } from './service/connections.js'
export type { GateEvent } from './service/gate.js'
export type { CallPort, LegEvent } from './service/legs.js'
export { serviceLimits } from './service/limits.js'
export type { RelayLimits, ServerLimits, TunnelServiceLimits } from './service/limits.js'
export { createTunnelMetrics } from './service/metrics.js'
export type { TunnelMetrics } from './service/metrics.js'
export { serveMetrics } from './service/metrics-server.js'
export type { MetricsServer } from './service/metrics-server.js'
export { Relay } from './service/relay.js'
export type {
  CallAnswer,
  CallNumber,
  CallRequest,
  DirectoryState,
  LegId,
  RefusalStatus,
  RelayInput,
  RelayLoad,
  RelayOutput,
  TunnelEvent,
} from './service/relay-io.js'
export type { RoutingSlots } from './service/routing-slots.js'
export { serveTunnel } from './service/tunnel-server.js'
export type {
  TlsIdentity,
  TunnelServer,
  TunnelServerOptions,
  TunnelServiceEvent,
  TunnelServiceLoad,
} from './service/tunnel-server.js'

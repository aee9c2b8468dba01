/**
 * For test harnesses: laptops and phones in one process, on virtual time where wanted.
 * @module
 */
export { createAir } from './adapters/air/air.js'
export type { Air } from './adapters/air/air.js'
export { MemoryLinkStore } from './adapters/stores/memory-link-store.js'
export { MemoryPhoneIdentityStore } from './adapters/stores/memory-phone-identity-store.js'
export { dataChannelCompliance } from './testing/data-channel-compliance.js'
export type {
  DataChannelCase,
  DataChannelCompliance,
  DataChannelHarness,
  DataChannelNeed,
  OmittedDataChannelCase,
} from './testing/data-channel-compliance.js'
export { directoryCompliance } from './testing/directory-compliance.js'
export type { DirectoryCase, DirectoryHarness } from './testing/directory-compliance.js'
export { createLab } from './testing/lab.js'
export type {
  Lab,
  LabChannels,
  LabOptions,
  LabPhone,
  LabPhoneOptions,
  LabScanQrOptions,
  LabSurroundings,
} from './testing/lab.js'
export { memoryDirectory } from './testing/memory-directory.js'
export type { MemoryDirectory } from './testing/memory-directory.js'
export { MemoryTunnelService } from './testing/memory-tunnel-service.js'
export {
  CLIENT_MISBEHAVIOURS,
  DATA_CHANNEL_MISBEHAVIOURS,
  PHONE_MISBEHAVIOURS,
  TUNNEL_MISBEHAVIOURS,
} from './testing/misbehaving/catalogue.js'
export type {
  ClientMisbehaviour,
  DataChannelMisbehaviour,
  PhoneMisbehaviour,
  TunnelMisbehaviour,
} from './testing/misbehaving/catalogue.js'
export type { ClientBehaviour, ClientMoment } from './testing/misbehaving/client.js'
export type { RawTraffic } from './testing/misbehaving/raw-traffic.js'
export type { Act, Acts, Turn } from './testing/misbehaving/turn.js'
export { VERIFIER_MISBEHAVIOURS, WALLET_MISBEHAVIOURS } from './testing/misbehaving/digital-catalogue.js'
export type { VerifierMisbehaviour, WalletMisbehaviour } from './testing/misbehaving/digital-catalogue.js'
export { misbehavingVerifier, misbehavingWallet } from './testing/misbehaving/digital-peers.js'
export { misbehavingClient, misbehavingPhone } from './testing/misbehaving/peers.js'
export type { MisbehavingClient, MisbehavingPhone } from './testing/misbehaving/peers.js'
export type { PhoneBehaviour, PhoneMoment } from './testing/misbehaving/phone.js'
export { SERVICE_MISBEHAVIOURS } from './testing/misbehaving/service-catalogue.js'
export type { ServiceMisbehaviour } from './testing/misbehaving/service-catalogue.js'
export { misbehavingStranger } from './testing/misbehaving/stranger.js'
export type { MisbehavingStranger, StrangerOptions } from './testing/misbehaving/stranger.js'
export { STRANGER_MISBEHAVIOURS } from './testing/misbehaving/stranger-catalogue.js'
export type { StrangerMisbehaviour } from './testing/misbehaving/stranger-catalogue.js'
export { misbehavingTunnelService } from './testing/misbehaving/tunnel-service.js'
export type { MisbehavingTunnelService } from './testing/misbehaving/tunnel-service.js'
export { misbehavingDataChannel } from './testing/misbehaving/data-channel.js'
export { misbehavingTunnel } from './testing/misbehaving/tunnel.js'
export { radioCompliance, runRadioCompliance } from './testing/radio-compliance.js'
export type {
  FaultCodes,
  OmittedRadioCase,
  RadioCase,
  RadioCompliance,
  RadioFault,
  RadioHarness,
  RadioPower,
  RadioPowers,
  RadioReport,
  Transmission,
  TransmitOptions,
} from './testing/radio-compliance.js'
export { createRelyingParty } from './testing/relying-party.js'
export type {
  CreationOptionsForAll,
  CreationOverrides,
  RegisteredCredential,
  RelyingParty,
  RelyingPartyOptions,
  RequestOptionsForAll,
  RequestOverrides,
} from './testing/relying-party.js'
export { VirtualClock } from './testing/virtual-clock.js'
export {
  alwaysApprove,
  alwaysRefuse,
  chooseAccount,
  failVerification,
  ignoreUntilTimeout,
} from './virtual/consent.js'
export type { PhoneProfileName } from './virtual/phone-profiles.js'

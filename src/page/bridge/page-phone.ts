import { MemoryCredentialStore } from '../../adapters/stores/memory-credential-store.js'
import { MemoryPhoneIdentityStore } from '../../adapters/stores/memory-phone-identity-store.js'
import { encodeBase64url } from '../../bytes/base64url.js'
import type { StoredCredential } from '../../ports/credential-store.js'
import type { PhoneMisbehaviour } from '../../testing/misbehaving/catalogue.js'
import { misbehavingPhone } from '../../testing/misbehaving/peers.js'
import type { PhoneBehaviour } from '../../testing/misbehaving/phone.js'
import type { Lab, LabPhone, LabPhoneOptions } from '../../testing/lab.js'
import { alwaysApprove, alwaysRefuse, ignoreUntilTimeout } from '../../virtual/consent.js'
import type { Consent, RefusalKind } from '../../virtual/consent.js'
import { PHONE_PROFILES } from '../../virtual/phone-profiles.js'

/** A passkey of a phone. */
export interface PagePasskey extends Pick<
  StoredCredential,
  'rpId' | 'rpName' | 'userName' | 'userDisplayName' | 'discoverable' | 'confirmed' | 'signCount'
> {
  /** The credential ID in base64url. */
  readonly id: string
  /** The user handle in base64url. */
  readonly userId: string
}

/** A virtual phone in front of a page. */
export interface PagePhone extends LabPhone {
  /** Reads a page’s QR code, and answers it in the way that it is set to. */
  read(qrUrl: string): Promise<void>
  /** Its passkeys, oldest first, once the requests that pages have made until now are over. */
  passkeys(): Promise<readonly PagePasskey[]>
  /** Its user approves from now on. */
  approve(): void
  /** Its user refuses from now on; the phone hangs up unless said otherwise. */
  refuse(how?: RefusalKind): void
  /** Its user does not react from now on. */
  ignore(): void
  /** The consent that answers its prompts from now on, such as `chooseAccount('Ada')`. */
  answerWith(consent: Consent): void
  /** It misbehaves from now on when it reads a QR code, or behaves again. */
  misbehave(how: PhoneMisbehaviour | PhoneBehaviour | undefined): void
}

/** @param settled settles when no page waits for a request. */
export function createPagePhone(lab: Lab, given: LabPhoneOptions, settled: () => Promise<void>): PagePhone {
  const { consent = alwaysApprove(), store = new MemoryCredentialStore(), ...options } = given
  let user = consent
  let fault: PhoneMisbehaviour | PhoneBehaviour | undefined
  const own = {
    linking: isLinkable(given) ? { store: new MemoryPhoneIdentityStore(), name: 'Phone' } : undefined,
    ...options,
    store,
    consent: { ask: (...asked) => user.ask(...asked) } satisfies Consent,
  }
  const phone = lab.phone(own)
  return {
    ...phone,
    async read(qrUrl) {
      await (fault === undefined ? phone.scan(qrUrl) : misbehavingPhone(lab, fault, own).scan(qrUrl))
    },
    async passkeys() {
      await settled()
      return (await store.list()).map(toPasskey)
    },
    approve: () => void (user = alwaysApprove()),
    refuse: how => void (user = alwaysRefuse(how)),
    ignore: () => void (user = ignoreUntilTimeout()),
    answerWith: other => void (user = other),
    misbehave: how => void (fault = how),
  }
}

/** Phones of some makers are never linked. */
function isLinkable({ handler, profile = 'generic' }: LabPhoneOptions): boolean {
  const { updates } = typeof profile === 'string' ? PHONE_PROFILES[profile] : profile
  return handler === undefined && updates !== 'never'
}

function toPasskey({ credentialId, userId, ...stored }: StoredCredential): PagePasskey {
  const { rpId, rpName, userName, userDisplayName, discoverable, confirmed, signCount } = stored
  return {
    id: encodeBase64url(credentialId),
    userId: encodeBase64url(userId),
    ...{ rpId, rpName, userName, userDisplayName, discoverable, confirmed, signCount },
  }
}

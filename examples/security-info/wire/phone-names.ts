import type { PhoneProfileName } from 'fido-hybrid/virtual'

/** What the phones are called, here and by laptops that remember them. */
export const PHONE_NAMES: Readonly<Record<PhoneProfileName, string>> = {
  android: 'Android phone',
  ios: 'iPhone',
  'ms-authenticator': 'Microsoft Authenticator on Android',
  'ms-authenticator-ios': 'Microsoft Authenticator on an iPhone',
  generic: 'A phone without peculiarities',
}

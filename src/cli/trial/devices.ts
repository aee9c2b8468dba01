import { release, type as systemName } from 'node:os'
import type { TrialRole } from './record.js'

/** A question about a device, for the report. The person may keep the answer back. */
interface DeviceQuestion {
  readonly key: string
  readonly text: string
  readonly usual: string
}

/** Stands for an answer that the person kept back. */
export const NOT_SAID = 'not said'

const system: string = `${systemName()} ${release()}`

const LAPTOP: readonly DeviceQuestion[] = [
  { key: 'phone', text: 'The phone: its make and model', usual: NOT_SAID },
  { key: 'phoneSystem', text: 'Its system and version, such as Android 16', usual: NOT_SAID },
  { key: 'passkeysIn', text: 'What keeps its passkeys, such as iCloud Keychain', usual: NOT_SAID },
  { key: 'laptop', text: 'This laptop: its make and model', usual: NOT_SAID },
  { key: 'laptopSystem', text: 'Its system and version', usual: system },
]

const PHONE: readonly DeviceQuestion[] = [
  { key: 'laptop', text: 'The laptop: its make and model', usual: NOT_SAID },
  { key: 'laptopSystem', text: 'Its system and version, such as Windows 11 24H2', usual: NOT_SAID },
  { key: 'program', text: 'The browser or program and its version', usual: NOT_SAID },
  { key: 'phone', text: 'This machine, which is the phone: its make and model', usual: NOT_SAID },
  { key: 'phoneSystem', text: 'Its system and version', usual: system },
]

/** What a trial asks about its devices. */
export const DEVICE_QUESTIONS: Readonly<Record<TrialRole, readonly DeviceQuestion[]>> = {
  laptop: LAPTOP,
  phone: PHONE,
}

import { Option } from 'commander'
import { PHONE_PROFILES } from '../../virtual/phone-profiles.js'
import type { PhoneProfile } from '../../virtual/phone-profile.js'
import { badUsage } from '../failure.js'
import type { GivenOptions } from './given.js'

const PROFILES: ReadonlyMap<string, PhoneProfile> = new Map(Object.entries(PHONE_PROFILES))

/** `--profile`, whose values `chooseProfile` knows. */
export function profileOption(): Option {
  return new Option('--profile <phone>', 'the real phone whose behaviour is copied')
    .choices([...PROFILES.keys()])
    .default('generic')
}

/** @throws CommandLineError for an unknown phone. */
export function chooseProfile(options: GivenOptions): PhoneProfile {
  const name = options.requiredText('profile')
  const profile = PROFILES.get(name)
  if (profile === undefined) throw badUsage(`--profile does not know ${name}`)
  return profile
}

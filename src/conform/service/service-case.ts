import type { Level } from '../case.js'
import type { TestedService } from './legs.js'

/** Plays a case at a service. @throws Unmet where the service does not do what it has to. */
export type ServicePlay = (service: TestedService) => Promise<void>

/** A case of a service: how it is called, what the service does, by which section, how binding, and how it is tried. */
export type ServiceCase = readonly [
  name: string,
  about: string,
  section: string,
  level: Level,
  expected: string,
  play: ServicePlay,
]

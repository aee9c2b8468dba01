import { natsDirectory } from '../../adapters/nats/nats.js'
import { redisDirectory } from '../../adapters/redis/redis.js'
import type { ContactDirectory } from '../../ports/contact-directory.js'
import { badUsage, checkUsage } from '../failure.js'
import type { Surroundings } from '../surroundings.js'
import type { GivenOptions } from './given.js'

/** The environment is the place for a password: other users of the machine see the arguments of a command. */
const VARIABLE = 'FIDO_HYBRID_DIRECTORY'

const MAKERS: ReadonlyMap<string, typeof natsDirectory> = new Map([
  ['nats:', natsDirectory],
  ['tls:', natsDirectory],
  ['redis:', redisDirectory],
  ['rediss:', redisDirectory],
])

/** What `--directory` and `--instance` name; undefined without them. @throws CommandLineError, which does not repeat a password. */
export function directoryOf(
  options: GivenOptions,
  { env }: Pick<Surroundings, 'env'>,
): ContactDirectory | undefined {
  const [url, instance] = [options.text('directory') ?? env[VARIABLE], options.text('instance')]
  if (url === undefined) {
    if (instance !== undefined) throw badUsage('--instance needs --directory')
    return undefined
  }
  const [scheme = ''] = /^[a-z]+:/.exec(url) ?? []
  const make = MAKERS.get(scheme)
  if (make === undefined)
    throw badUsage(
      '--directory takes nats://host:port, tls://host:port, redis://host:port or rediss://host:port',
    )
  return checkUsage(() => make({ url, instance }))
}

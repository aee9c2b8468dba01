import { serveTunnel } from 'fido-hybrid/service'
import { answerQuestions } from '../../harness/children.js'
import { OWN_PROCESS } from '../../harness/own-process.js'
import { directoryAt } from './engines.js'

const MANY = 20_000

/** An instance of the service in a process of its own: `node --expose-gc instance-process.js FIRST-SLOT LAST-SLOT [DIRECTORY]`. */
const [, , first, last, url] = process.argv
const service = await serveTunnel({
  port: 0,
  routingSlots: [Number(first), Number(last)],
  trustedProxies: ['127.0.0.1'],
  limits: {
    maxTunnels: MANY,
    maxTunnelsPerAddress: MANY,
    maxPhones: MANY,
    maxPhonesPerAddress: MANY,
    maxConnectionsPerAddress: 2 * MANY,
  },
  directory: url === undefined ? undefined : directoryAt(url),
})

answerQuestions({
  port: () => service.port,
  phones: () => service.load().phones,
  ...OWN_PROCESS,
})

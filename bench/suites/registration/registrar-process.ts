import { wsDialer } from 'fido-hybrid/adapters/ws'
import { serveTunnel } from 'fido-hybrid/service'
import { answerQuestions } from '../../harness/children.js'
import { registrar } from './devices.js'
import { PROVIDERS } from './providers.js'

/** A laptop, a tunnel service and a phone: `node registrar-process.js PROVIDER`. */
const crypto = await PROVIDERS[process.argv[2] ?? '']?.()
if (crypto === undefined) throw new Error(`the providers are ${Object.keys(PROVIDERS).join(' and ')}`)
const { url: tunnelUrl } = await serveTunnel({ port: 0 })
const dialer = wsDialer()
const register = registrar({ crypto, tunnelUrl, laptopDialer: dialer, phoneDialer: dialer })

answerQuestions({
  /** Milliseconds of one registration of so many, one after the other. */
  register: async (times = 1) => {
    const start = performance.now()
    for (let time = 0; time < times; time++) await register()
    return (performance.now() - start) / times
  },
})

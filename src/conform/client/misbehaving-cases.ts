import { MemoryTunnelService } from '../../testing/memory-tunnel-service.js'
import { PHONE_MISBEHAVIOURS } from '../../testing/misbehaving/catalogue.js'
import type { PhoneMisbehaviour } from '../../testing/misbehaving/catalogue.js'
import { PHONE_BEHAVIOURS } from '../../testing/misbehaving/phone-behaviours.js'
import { SERVICE_MISBEHAVIOURS } from '../../testing/misbehaving/service-catalogue.js'
import type { ServiceMisbehaviour } from '../../testing/misbehaving/service-catalogue.js'
import { misbehavingTunnelService } from '../../testing/misbehaving/tunnel-service.js'
import { systemClock, systemRandom } from '../../adapters/system/system.js'
import type { ConformCase } from '../case.js'
import { ENDINGS, rulesOf } from '../judgement.js'
import type { Rule } from '../judgement.js'
import { registration, signInOfClient, storeWithPasskey } from './ceremony.js'
import { meetPhone } from './client-scene.js'
import { phoneWith } from './phones.js'
import { REGISTRATION_RULES, SIGN_IN_RULES } from './phone-rules.js'
import { SERVICE_RULES } from '../service-rules.js'

const DECENT = { acts: {} }

function phoneCase(how: PhoneMisbehaviour, [level, ending, section]: Rule): ConformCase {
  const about = `registers with a phone that ${PHONE_MISBEHAVIOURS[how]}`
  return {
    ...{ name: how, about, section, level, expected: ENDINGS[ending] },
    run: async scene => {
      const meeting = { ceremony: registration(), ending, behaviour: PHONE_BEHAVIOURS[how] }
      return (await meetPhone(scene, { ...meeting, handler: phoneWith() })).finding
    },
  }
}

function signInCase(how: PhoneMisbehaviour, [level, ending, section]: Rule): ConformCase {
  const about = `signs in with a phone that ${PHONE_MISBEHAVIOURS[how]}`
  return {
    ...{ name: `login-${how}`, about, section, level, expected: ENDINGS[ending] },
    run: async scene => {
      const { store, credentialId } = await storeWithPasskey()
      const meeting = { ceremony: signInOfClient([credentialId]), ending, behaviour: PHONE_BEHAVIOURS[how] }
      return (await meetPhone(scene, { ...meeting, handler: phoneWith({ store }) })).finding
    },
  }
}

function serviceCase(how: ServiceMisbehaviour, [level, ending, section]: Rule): ConformCase {
  const about = `dials a tunnel service that ${SERVICE_MISBEHAVIOURS[how]}`
  return {
    ...{ name: `service-${how}`, about, section, level, expected: ENDINGS[ending] },
    run: async scene => {
      const service = await misbehavingTunnelService(how)
      scene.defer(() => service.close())
      const dialer = new MemoryTunnelService(systemClock, systemRandom)
      const meeting = { ceremony: registration(), ending, behaviour: DECENT, tunnelUrl: service.url, dialer }
      return (await meetPhone(scene, { ...meeting, handler: phoneWith() })).finding
    },
  }
}

/** Phones and tunnel services that misbehave towards a client. */
export const MISBEHAVING_TO_CLIENTS: readonly ConformCase[] = [
  ...rulesOf(REGISTRATION_RULES).map(([how, rule]) => phoneCase(how, rule)),
  ...rulesOf(SIGN_IN_RULES).map(([how, rule]) => signInCase(how, rule)),
  ...rulesOf(SERVICE_RULES).map(([how, rule]) => serviceCase(how, rule)),
]

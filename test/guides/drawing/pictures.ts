import { AUTHENTICATOR_TRANSITIONS, CLIENT_TRANSITIONS } from '../../../src/session/states.js'
import { advertPicture } from './advert.js'
import { dataChannelPicture } from './data-channel.js'
import { flowPicture, linkedFlowPicture } from './flow.js'
import { handshakePicture } from './handshake.js'
import { keysPicture } from './keys.js'
import { linkingPicture } from './linking.js'
import { messagesPicture } from './messages.js'
import { qrCodePicture } from './qr-code.js'
import { statesPicture } from './states.js'
import type { Picture } from './svg.js'

/** All pictures of the guides, in the order in which they are shown. */
export function allPictures(): readonly Picture[] {
  return [
    flowPicture(),
    qrCodePicture(),
    advertPicture(),
    keysPicture(),
    handshakePicture(),
    messagesPicture(),
    linkingPicture(),
    linkedFlowPicture(),
    dataChannelPicture(),
    statesPicture(LAPTOP_STATES, CLIENT_TRANSITIONS, 'laptop'),
    statesPicture(PHONE_STATES, AUTHENTICATOR_TRANSITIONS, 'phone'),
  ]
}

const STOP = 'Each state can also stop: a failure, a deadline, or the wish to end.'

const LAPTOP_STATES = {
  name: 'states-laptop',
  title: 'The states of the laptop',
  description: `The laptop waits for the advert, the tunnel, message 2, the introduction, the request of its program, and the answer. ${STOP}`,
}

const PHONE_STATES = {
  name: 'states-phone',
  title: 'The states of the phone',
  description: `The phone waits for the tunnel, message 1, a request, the answer of its user, and the goodbye. ${STOP}`,
}

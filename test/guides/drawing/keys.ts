import { DERIVATIONS } from '../../../src/crypto/derive.js'
import { arrow, box, heading, shortened, text } from './svg.js'
import type { Element, Picture } from './svg.js'
import type { Kind } from './palette.js'
import { bytesIn, workedExample } from './worked-example.js'

const [WIDE, HIGH] = [200, 56]

/** Where each value comes from, with the values of the worked example. */
export function keysPicture(): Picture {
  const { advert, handshake } = workedExample()
  return {
    name: 'keys',
    title: 'From the QR secret to the keys of the traffic',
    description:
      'From the QR secret come the key of the advert and the tunnel ID. From the QR secret and the opened advert comes the PSK. The handshake makes two traffic keys and a hash from the PSK and the key pairs of both sides.',
    width: 840,
    height: 440,
    elements: [
      heading('From the QR secret to the keys of the traffic'),
      ...valueBox(20, 60, 'secret', 'QR secret', advert.secret),
      ...valueBox(320, 60, 'secret', 'advert key', advert.eidKey),
      ...valueBox(620, 60, 'air', 'opened advert', advert.advertPlaintext),
      ...valueBox(320, 160, 'service', 'tunnel ID', advert.tunnelId),
      ...valueBox(620, 160, 'secret', 'PSK', advert.psk),
      ...box(20, 260, WIDE, HIGH, 'laptop', 'key of the QR code,', 'fresh key'),
      ...box(320, 260, WIDE, HIGH, 'plain', 'Noise handshake', '2 messages'),
      ...box(620, 260, WIDE, HIGH, 'phone', 'fresh key'),
      ...valueBox(20, 360, 'laptop', 'laptop to phone', handshake.clientToPhoneKey),
      ...valueBox(320, 360, 'plain', 'handshake hash', handshake.handshakeHash),
      ...valueBox(620, 360, 'phone', 'phone to laptop', handshake.phoneToClientKey),
      ...arrowElements(),
    ],
  }
}

function valueBox(x: number, y: number, kind: Kind, name: string, hex: string): readonly Element[] {
  return box(x, y, WIDE, HIGH, kind, `${name}: ${bytesIn(hex)} bytes`, shortened(hex, 16))
}

function arrowElements(): readonly Element[] {
  const { 'eid-key': eid, 'tunnel-id': tunnel, psk } = DERIVATIONS
  return [
    ...arrow([220, 88], [320, 88], 'secret'),
    text(270, 82, `type ${eid.type}`, { align: 'middle', look: 'label' }),
    ...arrow([520, 88], [620, 88], 'air'),
    text(570, 82, 'opens', { align: 'middle', look: 'label' }),
    ...arrow([220, 100], [320, 180], 'service'),
    text(266, 146, `type ${tunnel.type}`, { align: 'middle', look: 'label' }),
    ...arrow([720, 116], [720, 160], 'secret'),
    text(720, 143, `type ${psk.type}, with the QR secret`, { align: 'middle', look: 'label' }),
    ...arrow([620, 196], [490, 260], 'secret'),
    ...arrow([220, 288], [320, 288], 'laptop'),
    ...arrow([620, 288], [520, 288], 'phone'),
    ...arrow([370, 316], [130, 360], 'laptop'),
    ...arrow([420, 316], [420, 360], 'plain'),
    ...arrow([470, 316], [710, 360], 'phone'),
  ]
}

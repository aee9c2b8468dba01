import { HybridClient } from 'fido-hybrid'
import { webAirScanner } from 'fido-hybrid/adapters/web-air'
import { webPlatform } from 'fido-hybrid/web'

globalThis.register = (options, { origin, appRpIds, tunnelUrl, airUrl }, show) => {
  const client = new HybridClient({ ...webPlatform({ scanner: webAirScanner(airUrl) }), tunnelUrl })
  const onQr = qr => show(qr.url, qr.toSvg())
  return client.create(options, { origin, appRpIds, onQr })
}

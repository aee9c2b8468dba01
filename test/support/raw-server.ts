export { frame, httpAnswer, rawServer, upgradeAnswer } from '../../src/testing/misbehaving/raw-server.js'
export type { RawRequest, RawServer } from '../../src/testing/misbehaving/raw-server.js'

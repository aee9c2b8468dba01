export { makeCertificate } from '../../examples/demo/certificate.js'
export type { Certificate as TestCertificate } from '../../examples/demo/certificate.js'

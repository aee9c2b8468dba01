export { makeCertificate } from '../../examples/demo/certificate.js'
export type { Certificate as TestCertificate, CertificateNames } from '../../examples/demo/certificate.js'

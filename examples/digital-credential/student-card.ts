/** The type of the card as an SD-JWT VC. */
export const VCT = 'https://college.example/credentials/student-card'

/** The type of the card as an mdoc, and the namespace of its elements. */
export const DOC_TYPE = 'example.college.student-card.1'

/** What the college says of a student. */
export interface StudentClaims {
  readonly given_name: string
  readonly family_name: string
  readonly student_number: string
  readonly birth_date: string
}

/** The names of all of them. */
export const CLAIMS: readonly string[] = ['given_name', 'family_name', 'student_number', 'birth_date']

/** One card in both formats. */
export interface StudentCard {
  /** Compact, with every disclosure. */
  readonly sdJwt: string
  /** IssuerSigned (ISO 18013-5 section 8.3.2.1.2.2). */
  readonly mdoc: Uint8Array
}

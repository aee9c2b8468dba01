import { VirtualWallet } from 'fido-hybrid/virtual'
import type { WalletConsent } from 'fido-hybrid/virtual'
import type { WalletContents } from '../../digital-credential/presentation.js'
import type { StudentClaims } from '../../digital-credential/student-card.js'
import { studentWallet } from '../../digital-credential/wallet.js'
import type { PhoneCard } from '../wire/student-card.js'

/** Whose card each phone holds. */
export const STUDENT: StudentClaims = {
  given_name: 'Ada',
  family_name: 'Lovelace',
  student_number: '2026-0042',
  birth_date: '2004-12-10',
}

/** What a phone shows of it. */
export const STUDENT_CARD: PhoneCard = {
  name: 'Student card',
  holder: `${STUDENT.given_name} ${STUDENT.family_name}`,
  issuer: 'college.example',
}

/** The second thing that a phone holds. @param onPassedOver hears of a request that the user is not asked about. */
export function cardWallet(
  contents: WalletContents,
  consent: WalletConsent,
  onPassedOver: () => void,
): VirtualWallet {
  return new VirtualWallet({ ...studentWallet(contents, onPassedOver), consent })
}

/** Of the field of 256 elements: x⁸ + x⁴ + x³ + x² + 1 (ISO/IEC 18004 section 7.5.2). */
const MODULUS = 0x11d
const ORDER = 255

const EXP = new Uint8Array(2 * ORDER)
const LOG = new Uint8Array(ORDER + 1)
for (let power = 0, value = 1; power < ORDER; power++) {
  EXP[power] = EXP[power + ORDER] = value
  LOG[value] = power
  value = value > ORDER >> 1 ? (value << 1) ^ MODULUS : value << 1
}

/** The codewords that let a reader correct the block: the remainder of its division by the generator polynomial. */
export function correctionOf(block: readonly number[], count: number): number[] {
  const generator = generatorOf(count)
  const rest = [...block, ...Array<number>(count).fill(0)]
  for (let index = 0; index < block.length; index++) {
    const lead = rest[index] ?? 0
    generator.forEach((factor, offset) => {
      rest[index + offset + 1] = (rest[index + offset + 1] ?? 0) ^ product(factor, lead)
    })
  }
  return rest.slice(block.length)
}

/** (x − α⁰)(x − α¹)… without the leading 1, the highest power first. */
function generatorOf(degree: number): number[] {
  let factors: number[] = []
  for (let root = 0; root < degree; root++) {
    const alpha = EXP[root] ?? 0
    const shifted = [...factors, 0]
    factors = shifted.map(
      (factor, index) => factor ^ product(index === 0 ? 1 : (factors[index - 1] ?? 0), alpha),
    )
  }
  return factors
}

function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (EXP[(LOG[a] ?? 0) + (LOG[b] ?? 0)] ?? 0)
}

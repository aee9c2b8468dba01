/** Draws text as a QR code; the platforms bring one. */
export interface QrPainter {
  /** Lines of half blocks, for a dark terminal; most scanners read it on a light one too. */
  toTerminal(text: string): string
  /** An SVG document. */
  toSvg(text: string): string
  /** PNG file bytes. */
  toPng(text: string): Promise<Uint8Array>
}

/*!
 * Contains qrcode (https://github.com/soldair/node-qrcode), Copyright (c) 2012 Ryan Day, based on QR Code Generator for
 * JavaScript, Copyright (c) 2009 Kazuhiko Arase, and dijkstrajs, Copyright (C) 2008 Wyatt Baldwin; all under the MIT licence:
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
 * files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
 * modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
 * is furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
 * WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
 * COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
 * ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
 */
import { create } from 'qrcode/lib/core/qrcode.js'
import { UsageError } from '../../errors.js'

/** A QR code without its quiet zone. */
export interface QrSymbol {
  /** Modules a side. */
  readonly size: number
  /** Row by row: 1 is dark. */
  readonly modules: Uint8Array
}

/**
 * The QR code of a text at level L, which keeps it small: `FIDO:/` and its digits take version 4 or 5, since the digits are a
 * segment of their own.
 * @throws UsageError `argument-invalid` for a text that is too long for a QR code.
 */
export function qrSymbol(text: string): QrSymbol {
  try {
    const { modules } = create(text, { errorCorrectionLevel: 'L' })
    return { size: modules.size, modules: Uint8Array.from(modules.data) }
  } catch (cause) {
    throw new UsageError('argument-invalid', 'the text fits no QR code', { cause })
  }
}

/** The part of the package that draws nothing: no canvas, no files, no Node. */
declare module 'qrcode/lib/core/qrcode.js' {
  export { create } from 'qrcode'
}

/** The part of exifr's lite build that is used; its own types cover the full build only. */
declare module 'exifr/dist/lite.esm.mjs' {
  export function parse(
    bytes: Uint8Array,
    options: {
      readonly exif: readonly string[]
      readonly gps: readonly string[]
      readonly reviveValues: boolean
      readonly translateValues: boolean
    },
  ): Promise<Record<string, unknown> | undefined>
}

/** Sizes in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** The size that fits a square of `side`, never enlarged, never under one pixel. */
export function fit({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

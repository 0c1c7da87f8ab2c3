/** How long a page that is not painted (a tab in the background) is waited for, in milliseconds. */
const AT_MOST = 500

/** Resolves after the next paint. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, AT_MOST)
    requestAnimationFrame(() => setTimeout(resolve))
  })
}

/** Cache Storage with one file for each name, in memory: what the client's adapters use of it. */
export function fakeCaches() {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    open: async (name: string) => ({
      put: async (_: string, response: Response) => void files.set(name, new Uint8Array(await response.arrayBuffer())),
    }),
    match: async (_: string, { cacheName }: { cacheName: string }) => {
      const bytes = files.get(cacheName)
      return bytes && new Response(bytes)
    },
    delete: async (name: string) => files.delete(name),
    keys: async () => [...files.keys()],
  }
}

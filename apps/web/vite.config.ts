import { readFileSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

/** Where the API is while developing; the built app is served by the server itself. */
const api = process.env.BIOLOGIDEX_API ?? 'http://127.0.0.1:4700'

/** Letters of the first plates: asked for at once, or the wall is laid out in others first and then anew. */
const LETTERS = /(source-sans-3-latin-wght-normal|fraunces-latin-opsz-normal|fraunces-latin-wght-italic)-[^/]+\.woff2$/

/** Has the built page ask at once for what its first plates need, beside the shell, all of it by names that carry a hash. */
const firstFiles = (): Plugin => ({
  name: 'first-files',
  apply: 'build',
  buildStart() {
    this.emitFile({ type: 'asset', name: 'theme.js', source: readFileSync(new URL('public/theme.js', import.meta.url)) })
  },
  transformIndexHtml: {
    order: 'post',
    handler(page, { bundle = {} }) {
      const files = Object.values(bundle)
      const chunks = (name: string) => files.filter((file) => file.type === 'chunk' && file.name === name)
      const letters = files.filter(({ fileName }) => LETTERS.test(fileName))
      const of = (tag: string, attrs: HtmlTagDescriptor['attrs']): HtmlTagDescriptor => ({
        tag,
        attrs,
        injectTo: 'head-prepend',
      })
      const theme = files.find((file) => file.type === 'asset' && file.names.includes('theme.js'))
      if (!theme) throw new Error('The build has no theme.js.')
      const html = page.replace('/theme.js', `/${theme.fileName}`)
      const tags = [
        // Chromium takes the code that V8 kept of a module's last run only where it was asked for as a plain script; asked for as a module, it
        // is compiled anew at each start.
        ...chunks('shell').map(({ fileName }) =>
          of('link', { rel: 'preload', as: 'script', crossorigin: true, href: `/${fileName}` }),
        ),
        ...chunks('early').map(({ fileName }) =>
          of('script', { type: 'module', async: true, crossorigin: true, src: `/${fileName}` }),
        ),
        ...letters.map(({ fileName }) =>
          of('link', { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${fileName}` }),
        ),
      ]
      return { html, tags }
    },
  },
})

/**
 * Has V8 compile all of the engine while it is being loaded, on a thread of its own: it is loaded when somebody signs in, and what of it runs
 * for the first time while their dex arrives would be compiled between the first bytes and the first plates. The shell is not: its first
 * load is compiled on the main thread (see above), function by function.
 * https://github.com/WICG/explicit-javascript-compile-hints-file-based
 */
const compiledAhead = (): Plugin => ({
  name: 'compiled-ahead',
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
    const engine = chunks.find(({ name }) => name === 'open-engine')
    if (!engine) throw new Error('The build has no chunk of open-engine.ts.')
    const own = chunks.filter(({ fileName, name }) => engine.imports.includes(fileName) && name !== 'shell' && name !== 'early')
    for (const chunk of [engine, ...own]) chunk.code = `//# allFunctionsCalledOnLoad\n${chunk.code}`
  },
})

// Vite reads its configuration from a default export.
export default defineConfig({
  build: {
    // light-dark(), inert and top-level await as they are: nothing older runs the app's storage either.
    target: ['chrome125', 'firefox128', 'safari18'],
    // The content policy takes no inline scripts or styles, and small files as data URLs would not be cached apart.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // What the first screen needs is one file; a small one before it reads the stored wall while the other is being loaded.
      output: {
        codeSplitting: {
          groups: [
            { name: 'early', test: /src\/app\/early\.ts$/, priority: 1 },
            { name: 'shell', test: /src\/app\/main\.tsx$/ },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: api, changeOrigin: false } } },
  plugins: [
    react(),
    firstFiles(),
    compiledAhead(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'service-worker.ts',
      injectRegister: false,
      // The list of files has them already.
      includeManifestIcons: false,
      injectManifest: {
        // Other scripts' letters come when a page needs them; the shell's own are there offline.
        globPatterns: [
          '**/*.{html,js,css,svg,png,webmanifest}',
          'assets/*-latin-{wght,opsz}-*.woff2',
          'assets/*-latin-ext-{wght,opsz}-*.woff2',
        ],
        // The page asks for its copy under /assets.
        globIgnores: ['theme.js'],
        maximumFileSizeToCacheInBytes: 4_000_000,
      },
      manifest: {
        id: '/',
        name: 'BiologiDex',
        short_name: 'BiologiDex',
        description: 'A dex for real animals: photograph them, find out what they are, keep them.',
        lang: 'en',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#F4EEDF',
        theme_color: '#2B6549',
        categories: ['education', 'photo', 'lifestyle'],
        icons: [
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
        shortcuts: [{ name: 'Capture', url: '/capture', icons: [{ src: '/icon-192.png', sizes: '192x192' }] }],
      },
    }),
  ],
})

// Bundles one program with one bundler, each as its users would: node bundle.js NAME FORMAT ENTRY FOLDER. What it writes is main.js.
import { dirname, join } from 'node:path'

const [, , name, format, entry, folder] = process.argv
const isPage = format === 'page'

const BUNDLERS = { esbuild: withEsbuild, rollup: withRollup, vite: withVite, webpack: withWebpack }
await BUNDLERS[name]()

async function withEsbuild() {
  const { build } = await import('esbuild')
  // Packages of CommonJS ask for Node’s modules by `require`, which esbuild does not make for an ES module.
  const banner = `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});`
  await build({
    entryPoints: [entry],
    outfile: join(folder, 'main.js'),
    bundle: true,
    minify: isPage,
    platform: isPage ? 'browser' : 'node',
    format: isPage ? 'iife' : format,
    banner: format === 'esm' ? { js: banner } : {},
    logLevel: 'warning',
  })
}

async function withRollup() {
  const { rollup } = await import('rollup')
  const { nodeResolve } = await import('@rollup/plugin-node-resolve')
  const { default: commonjs } = await import('@rollup/plugin-commonjs')
  const { default: json } = await import('@rollup/plugin-json')
  const resolve = nodeResolve({
    browser: isPage,
    preferBuiltins: !isPage,
    exportConditions: isPage ? [] : ['node'],
  })
  const bundle = await rollup({
    input: entry,
    plugins: [resolve, commonjs({ ignoreDynamicRequires: true }), json()],
    onwarn: ({ code, message }) => {
      // Those of packages are theirs.
      if (code !== 'CIRCULAR_DEPENDENCY' && code !== 'THIS_IS_UNDEFINED') console.error(message)
    },
  })
  await bundle.write({
    file: join(folder, 'main.js'),
    format: isPage ? 'iife' : format,
    inlineDynamicImports: true,
  })
}

async function withVite() {
  const { build } = await import('vite')
  const output = { format: isPage ? 'iife' : format, entryFileNames: 'main.js', codeSplitting: false }
  await build({
    root: dirname(entry),
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: isPage ? false : entry,
      outDir: folder,
      emptyOutDir: false,
      target: 'es2023',
      rollupOptions: isPage ? { input: entry, output } : { output },
    },
  })
}

async function withWebpack() {
  const { default: webpack } = await import('webpack')
  const targets = { page: 'webworker', cjs: 'node20', esm: 'node20', 'electron-main': 'electron-main' }
  const stats = await new Promise((resolve, reject) => {
    webpack(
      {
        mode: 'production',
        target: targets[format],
        entry,
        output: {
          path: folder,
          filename: 'main.js',
          ...(format === 'esm' ? { module: true, library: { type: 'module' } } : {}),
        },
        experiments: { outputModule: format === 'esm' },
        plugins: [new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 })],
        // Of pages the size counts.
        optimization: { minimize: isPage },
        performance: false,
      },
      (error, done) => (error ? reject(error) : resolve(done)),
    )
  })
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }))
}

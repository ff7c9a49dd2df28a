import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const COMPRESSED = /\.(js|css|html|svg|json)$/;

/** Writes x.gz beside each x that is worth it: ipamd compresses nothing while it answers. */
function precompress(folder: string): Plugin {
  const visit = (path: string): void => {
    for (const name of readdirSync(path)) {
      const each = join(path, name);
      if (statSync(each).isDirectory()) visit(each);
      else if (COMPRESSED.test(name) && name !== 'index.html')
        writeFileSync(`${each}.gz`, gzipSync(readFileSync(each), { level: 9 }));
    }
  };
  return { name: 'precompress', apply: 'build', closeBundle: () => visit(folder) };
}

export default defineConfig({
  plugins: [react(), precompress('dist')],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // data: URLs are against the content security policy
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: { '/api': { target: process.env.IPAM_URL ?? 'https://127.0.0.1:48885', secure: false } },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});

// Serves the built mock page on loopback, under the content security policy that the desktop shell sets.
// @ts-check
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** The shell's policy. Its `connect-src` names the shell's own transport, which a page over the mock never uses. */
const POLICY = "default-src 'self'; connect-src ipc: http://ipc.localhost; style-src 'self'; img-src 'self' data:";

/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/**
 * Starts the server on a free port.
 * @param {string} root folder to serve
 * @returns {Promise<{ address: string, close: () => void }>}
 */
export async function serve(root) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const file = join(root, normalize(path === '/' ? '/index.html' : path));
    try {
      const content = await readFile(file);
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { address: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

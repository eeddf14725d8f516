const endOfHeaders = '\r\n\r\n';

/**
 * Reads answers off a connection, knowing as little of HTTP as will do: the status, and how long the body is. Returns
 * what to feed with the bytes that arrive.
 *
 * @throws when an answer has no `content-length`
 */
export function createResponseReader(onResponse: (status: number) => void): (chunk: Buffer) => void {
  let held: Buffer | null = null;
  return chunk => {
    let bytes = held ? Buffer.concat([held, chunk]) : chunk;
    held = null;
    while (bytes.length > 0) {
      const headersEnd = bytes.indexOf(endOfHeaders);
      if (headersEnd < 0) {
        held = bytes;
        return;
      }
      const headers = bytes.toString('latin1', 0, headersEnd);
      const end = headersEnd + endOfHeaders.length + bodyLength(headers);
      if (bytes.length < end) {
        held = bytes;
        return;
      }
      bytes = bytes.subarray(end);
      onResponse(Number(headers.slice(9, 12)));
    }
  };
}

function bodyLength(headers: string): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(headers)?.[1];
  if (length === undefined) throw new Error('an answer does not tell its length');
  return Number(length);
}

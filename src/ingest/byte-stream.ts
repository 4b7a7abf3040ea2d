import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Failure } from '../model/failure.ts';

const SNIFF_BYTES = 65_536;
const CHUNK_BYTES = 1_048_576;
const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The bytes of a file as UTF-8 without a byte order mark, unpacked where it is gzip.
 *
 * UTF-16 is told by its mark; text that is not UTF-8 at all is read as Windows-1252, which is what spreadsheets write.
 * `onBytes` hears how much of the file itself has been read.
 */
export async function* textBytes(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let isFirst = true;
  for await (const piece of unpacked(path, onBytes)) {
    let chunk = piece;
    if (isFirst) {
      isFirst = false;
      const encoding = encodingOf(chunk);
      if (encoding !== 'utf-8') decoder = new TextDecoder(encoding);
      else if (chunk.subarray(0, 3).equals(UTF8_BOM)) chunk = chunk.subarray(3);
    }
    const bytes = decoder === null ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
    if (bytes.length > 0) yield bytes;
  }
}

/** Whether the file is packed with gzip, by its first bytes. */
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

async function* unpacked(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const isPacked = await isGzip(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const stream = isPacked ? file.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : file;
  if (stream !== file) file.on('error', (error) => stream.destroy(error));
  let told = 0;
  try {
    for await (const chunk of stream) {
      onBytes(file.bytesRead - told);
      told = file.bytesRead;
      yield chunk as Buffer;
    }
  } catch (error) {
    throw new Failure('unreadable-file', `${path} cannot be read to its end: ${String(error)}`, { cause: error });
  } finally {
    file.destroy();
  }
}

function encodingOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(0, SNIFF_BYTES), { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

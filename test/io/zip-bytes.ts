import { deflateRawSync } from "node:zlib";

/** A member of an archive made by hand; what is not given is as it should be. */
export interface HandMadeMember {
  readonly name: string;
  readonly content: Uint8Array;
  readonly deflated?: boolean;
  /** What the directory says, where it lies. */
  readonly claims?: {
    readonly size?: number;
    readonly packed?: number;
    readonly crc?: number;
    readonly offset?: number;
    readonly method?: number;
    readonly flags?: number;
  };
  /** What the local header says, where it lies. */
  readonly localName?: string;
  readonly extra?: Uint8Array;
}

/** A ZIP archive, made independently of the code under test. */
export function handMadeZip(members: readonly HandMadeMember[], comment = ""): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, deflated = false, claims = {}, localName = name, extra } of members) {
    const packed = deflated ? deflateRawSync(content) : Buffer.from(content);
    const method = claims.method ?? (deflated ? 8 : 0);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(Buffer.byteLength(localName), 26);
    local.writeUInt16LE(extra?.length ?? 0, 28);
    const bytes = Buffer.concat([local, Buffer.from(localName), extra ?? Buffer.alloc(0), packed]);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(claims.flags ?? 0, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(claims.crc ?? checkSum(content), 16);
    central.writeUInt32LE(claims.packed ?? packed.length, 20);
    central.writeUInt32LE(claims.size ?? content.length, 24);
    central.writeUInt16LE(Buffer.byteLength(name), 28);
    central.writeUInt32LE(claims.offset ?? offset, 42);
    directory.push(central, Buffer.from(name));
    parts.push(bytes);
    offset += bytes.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...parts, entries, end, Buffer.from(comment)]);
}

/** CRC-32 by long division, bit by bit. */
function checkSum(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  }
  return ~remainder >>> 0;
}

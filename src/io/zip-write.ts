import { DomainError } from "../errors/index.js";
import { crc32 } from "./crc32.js";
import { CENTRAL_HEADER, END_RECORD, LOCAL_HEADER, STORED, UTF8_FLAG, ZIP64 } from "./zip-format.js";

/** A file to put into an archive. */
export type ZipMember = readonly [name: string, content: Uint8Array];

/** Any version of any unzip reads what is only stored. */
const VERSION = 20;

/** 1 January 1980, the first day there is: the same content makes the same archive. */
const DATE = (1 << 5) | 1;

/**
 * The bytes of a ZIP archive of stored members, in parts. DomainError for repeated names and for what needs ZIP64: 4 GiB or
 * 65,535 members.
 */
export function* zipParts(members: readonly ZipMember[]): Generator<Uint8Array, void> {
  const names = members.map(([name]) => Buffer.from(name, "utf8"));
  const total = members.reduce<number>((sum, [, content], index) => {
    return sum + content.length + 2 * names[index].length + LOCAL_HEADER.bytes + CENTRAL_HEADER.bytes;
  }, END_RECORD.bytes);
  if (total >= ZIP64 || members.length >= 0xffff) {
    throw new DomainError(`an archive of ${total} bytes: at most 4 GiB fit. Write one layer, or .csv.`);
  }
  if (new Set(members.map(([name]) => name)).size < members.length) {
    throw new DomainError("two members of an archive have the same name.");
  }
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [index, [, content]] of members.entries()) {
    const common = commonFields(content, names[index].length);
    const local = Buffer.concat([signature(LOCAL_HEADER.signature), common, names[index]]);
    entries.push(centralEntry(common, names[index], offset));
    yield local;
    yield content;
    offset += local.length + content.length;
  }
  const directory = Buffer.concat(entries);
  yield directory;
  yield endRecord(members.length, directory.length, offset);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** What local and central header share: from the version to the length of the extra fields, of which there are none. */
function commonFields(content: Uint8Array, nameBytes: number): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(VERSION, 0);
  bytes.writeUInt16LE(UTF8_FLAG, 2);
  bytes.writeUInt16LE(STORED, 4);
  bytes.writeUInt16LE(DATE, 8);
  bytes.writeUInt32LE(crc32(content), 10);
  bytes.writeUInt32LE(content.length, 14);
  bytes.writeUInt32LE(content.length, 18);
  bytes.writeUInt16LE(nameBytes, 22);
  return bytes;
}

function centralEntry(common: Buffer, name: Buffer, offset: number): Buffer {
  const header = Buffer.alloc(CENTRAL_HEADER.bytes);
  header.writeUInt32LE(CENTRAL_HEADER.signature, 0);
  header.writeUInt16LE(VERSION, 4);
  common.copy(header, 6);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name]);
}

function endRecord(members: number, directoryBytes: number, offset: number): Buffer {
  const bytes = Buffer.alloc(END_RECORD.bytes);
  bytes.writeUInt32LE(END_RECORD.signature, 0);
  bytes.writeUInt16LE(members, 8);
  bytes.writeUInt16LE(members, 10);
  bytes.writeUInt32LE(directoryBytes, 12);
  bytes.writeUInt32LE(offset, 16);
  return bytes;
}

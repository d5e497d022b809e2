import { inflateRawSync } from "node:zlib";
import { DataError } from "../errors/index.js";
import { crc32 } from "./crc32.js";
import { type RandomInput } from "./input.js";
import { CENTRAL_HEADER, DEFLATED, END_RECORD, LOCAL_HEADER, STORED, ZIP64 } from "./zip-format.js";

/** A member of an archive, as the central directory has it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes of the content. */
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** The directory of an archive. */
export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** Where the directory begins, and all members end. */
  readonly start: number;
}

const MAX_COMMENT = 0xffff;

/** A directory of arrays has a few lines of a hundred bytes. */
const MAX_DIRECTORY = 1 << 24;

/** Deflate makes at most 1032 bytes of one (a match of 258 bytes in two bits). */
const MAX_RATIO = 1032;

const ENCRYPTED = 1;

/**
 * The members of a ZIP archive by its central directory. Nothing is unpacked. DataError for what is no archive, was cut
 * off, or is none that NumPy writes: encrypted, compressed in other ways than deflate, in ZIP64, in several volumes, with
 * names that leave the archive or occur twice, or with members that overlap.
 */
export function readZipDirectory(input: RandomInput): ZipDirectory {
  const end = findEnd(input);
  const [disk, firstDisk, here, count] = [4, 6, 8, 10].map((at) => end.record.readUInt16LE(at));
  const [bytes, start] = [end.record.readUInt32LE(12), end.record.readUInt32LE(16)];
  if (disk !== 0 || firstDisk !== 0 || here !== count) throw malformed(input, "it is one of several volumes");
  if (count === 0xffff || bytes === ZIP64 || start === ZIP64) throw tooLarge(input);
  if (start + bytes !== end.position) throw malformed(input, "its directory is not where its end says");
  if (bytes > MAX_DIRECTORY) throw malformed(input, `its directory would have ${bytes} bytes`);
  const entries = parseEntries(input, readAt(input, start, bytes), count);
  requireDistinct(input, entries);
  requireApart(input, entries, start);
  return { entries, start };
}

function readAt(input: RandomInput, position: number, length: number): Buffer {
  const { buffer, byteOffset, byteLength } = input.readAt(position, length);
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The record at the end, which a comment may follow. */
function findEnd(input: RandomInput): { readonly record: Buffer; readonly position: number } {
  const from = Math.max(0, input.size - END_RECORD.bytes - MAX_COMMENT);
  const tail = readAt(input, from, input.size - from);
  for (let at = tail.length - END_RECORD.bytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END_RECORD.signature) continue;
    if (at + END_RECORD.bytes + tail.readUInt16LE(at + 20) === tail.length) {
      return { record: tail.subarray(at, at + END_RECORD.bytes), position: from + at };
    }
  }
  throw malformed(input, "it has no directory at its end; it was cut off, or is no zip archive");
}

function parseEntries(input: RandomInput, directory: Buffer, count: number): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  while (entries.length < count) {
    if (at + CENTRAL_HEADER.bytes > directory.length) throw malformed(input, "its directory breaks off");
    if (directory.readUInt32LE(at) !== CENTRAL_HEADER.signature) {
      throw malformed(input, `entry ${entries.length + 1} of its directory does not begin like one`);
    }
    const [nameBytes, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const name = at + CENTRAL_HEADER.bytes;
    const next = name + nameBytes + extra + comment;
    if (next > directory.length) throw malformed(input, "its directory breaks off");
    entries.push(parseEntry(input, directory, at, directory.subarray(name, name + nameBytes)));
    at = next;
  }
  if (at !== directory.length) throw malformed(input, "its directory is longer than its entries");
  return entries;
}

function parseEntry(input: RandomInput, directory: Buffer, at: number, nameBytes: Buffer): ZipEntry {
  const name = memberName(input, nameBytes);
  const [flags, method] = [8, 10].map((field) => directory.readUInt16LE(at + field));
  const [crc, packed, size, offset] = [16, 20, 24, 42].map((field) => directory.readUInt32LE(at + field));
  if ((flags & ENCRYPTED) !== 0) throw malformed(input, `${show(name)} is encrypted`);
  if (method !== STORED && method !== DEFLATED) {
    throw malformed(input, `${show(name)} is compressed by method ${method}; only deflate is read`);
  }
  if ([packed, size, offset].includes(ZIP64)) throw tooLarge(input);
  if (method === STORED ? size !== packed : size > MAX_RATIO * packed) {
    throw malformed(input, `${show(name)} would have ${size} bytes, packed into ${packed}, which cannot be`);
  }
  return { name, method, crc, packed, size, offset };
}

/** Names are labels, never paths that are written to; one that pretends otherwise was not made by NumPy. */
function memberName(input: RandomInput, bytes: Buffer): string {
  let name: string;
  try {
    name = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed(input, "the name of a member is not UTF-8");
  }
  const isControl = (letter: string): boolean => letter < " " || letter === "\x7f" || letter === "\\";
  if (
    name === "" ||
    name.startsWith("/") ||
    Array.from(name).some(isControl) ||
    name.split("/").includes("..")
  ) {
    throw malformed(input, `it has a member called ${show(name)}`);
  }
  return name;
}

function requireDistinct(input: RandomInput, entries: readonly ZipEntry[]): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    if (seen.has(name)) throw malformed(input, `${show(name)} occurs twice`);
    seen.add(name);
  }
}

/** Members that share bytes make a small file a large one. */
function requireApart(input: RandomInput, entries: readonly ZipEntry[], start: number): void {
  const sorted = [...entries].sort((a, b) => a.offset - b.offset);
  for (const [index, { name, offset, packed }] of sorted.entries()) {
    const next = sorted.at(index + 1)?.offset ?? start;
    if (offset + LOCAL_HEADER.bytes + packed > next)
      throw malformed(input, `${show(name)} overlaps what follows`);
  }
}

/**
 * The content of a member, at most `limit` bytes. DataError if its local header is another's, it is larger, cannot be
 * unpacked, or does not have the length and check sum the directory says.
 */
export function readZipMember(
  input: RandomInput,
  { start }: ZipDirectory,
  entry: ZipEntry,
  limit: number,
): Uint8Array {
  const { name, packed, size, offset, method } = entry;
  if (size > limit) {
    throw new DataError(`${input.path}: ${show(name)} has ${size} bytes; at most ${limit} are read.`);
  }
  const header = readAt(input, offset, LOCAL_HEADER.bytes);
  if (header.length < LOCAL_HEADER.bytes || header.readUInt32LE(0) !== LOCAL_HEADER.signature) {
    throw malformed(input, `${show(name)} is not where its directory says`);
  }
  const nameBytes = header.readUInt16LE(26);
  const content = offset + LOCAL_HEADER.bytes + nameBytes + header.readUInt16LE(28);
  const own = readAt(input, offset + LOCAL_HEADER.bytes, nameBytes);
  if (header.readUInt16LE(8) !== method || !own.equals(Buffer.from(name, "utf8"))) {
    throw malformed(input, `the header of ${show(name)} contradicts its directory`);
  }
  if (content + packed > start) throw malformed(input, `${show(name)} reaches into its directory`);
  const bytes = unpack(input, entry, readAt(input, content, packed));
  if (bytes.length !== size || crc32(bytes) !== entry.crc) {
    throw malformed(input, `${show(name)} does not have the length and check sum its directory says`);
  }
  return bytes;
}

function unpack(input: RandomInput, { name, method, size }: ZipEntry, bytes: Buffer): Uint8Array {
  if (method === STORED) return bytes;
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    throw malformed(input, `${show(name)} cannot be unpacked`, error);
  }
}

function show(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

function malformed({ path }: RandomInput, problem: string, cause?: unknown): DataError {
  return new DataError(
    `${path} is not an archive of arrays: ${problem}. Write it again with numpy.savez(path, …).`,
    { cause },
  );
}

function tooLarge({ path }: RandomInput): DataError {
  return new DataError(
    `${path} is a ZIP64 archive, of 4 GiB or more; these are not read. Save the arrays one by one with numpy.save.`,
  );
}

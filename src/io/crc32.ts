/** Remainders of the 256 bytes. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** The cyclic redundancy check of ISO 3309 (reflected polynomial 0xedb88320). Node has its own only from 20.15 on. */
export function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = (remainder >>> 8) ^ remainders[(remainder ^ byte) & 0xff];
  return ~remainder >>> 0;
}

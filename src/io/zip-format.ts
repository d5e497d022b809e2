/** Signatures and sizes of the records of a ZIP archive (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). */
export const LOCAL_HEADER = { signature: 0x04034b50, bytes: 30 } as const;
export const CENTRAL_HEADER = { signature: 0x02014b50, bytes: 46 } as const;
export const END_RECORD = { signature: 0x06054b50, bytes: 22 } as const;

/** How a member is stored. */
export const STORED = 0;
export const DEFLATED = 8;

/** The name is UTF-8. */
export const UTF8_FLAG = 0x0800;

/** A field that is full: the number is in a ZIP64 record. */
export const ZIP64 = 0xffffffff;

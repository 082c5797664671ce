/** General purpose bits of a zip member (APPNOTE 4.4.4). */
export const FLAG_ENCRYPTED = 1;
export const FLAG_UTF8 = 0x800;

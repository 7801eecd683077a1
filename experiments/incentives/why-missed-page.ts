/** Why a row that is missed is missed, in plain words: shown under its table while it is. */
export const WHY_MISSED: Readonly<Record<string, readonly string[]>> = {};

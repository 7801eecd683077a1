// The contracts' enumerations of what a job chooses (`contracts/types/JobTypes.sol`): a name's place is its number.

export const HOLDOUTS = ["none", "own", "public", "sealed"] as const;
export const SCORINGS = ["none", "accuracy", "contribution"] as const;
export const PAY_RULES = ["none", "by-gain", "equal"] as const;
export const SYNCS = ["none", "bsp", "ssp", "bap"] as const;

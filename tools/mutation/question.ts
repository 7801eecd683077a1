import { id } from "ethers";

/**
 * Solidity file with which contracts check which mutant is active.
 *
 * The active mutant's number is the address of an unlinked library, a placeholder in the bytecode that the compiler
 * cannot optimise away. Replacing it with a mutant's number activates that mutant; any other number activates none. The
 * first check at a site also calls the address that Hardhat's coverage observes, to record which tests reach the site.
 */
export const QUESTION_FILE = "contracts/MutantSwitch.sol";
const SWITCH = "MutantSwitch";
const QUESTION = "MutantQuestion";
/** Names that a mutated source imports. */
export const IMPORTED = `${SWITCH}, ${QUESTION}`;

/** Placeholder in the bytecode for the switch's address. */
export const PLACEHOLDER = `__$${id(`${QUESTION_FILE}:${SWITCH}`).slice(2, 36)}$__`;

/** A number that no mutant has. */
export const NO_MUTANT = 2 ** 40;

/** Solidity expression: whether this mutant is active. */
export const ASKED = (number: string): string => `(uint160(address(${SWITCH})) == ${number})`;

/** The same, and recorded by Hardhat's coverage. */
export const FIRST_ASKED = (number: string): string => `(${QUESTION}.first(${number}))`;

/** Returns the source of `QUESTION_FILE`. */
export function questionSource(): string {
  return `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

library ${SWITCH} {}

library ${QUESTION} {
    function first(uint256 number) internal pure returns (bool) {
        _pure(_notice)(number);
        return uint160(address(${SWITCH})) == number;
    }

    function _notice(uint256 which) private view {
        assembly ("memory-safe") {
            let place := mload(0x40)
            mstore(place, which)
            pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, place, 32, 0, 0))
        }
    }

    function _pure(function(uint256) view given) private pure returns (function(uint256) pure same) {
        assembly ("memory-safe") {
            same := given
        }
    }
}
`;
}

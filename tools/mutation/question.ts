import { id } from "ethers";

/**
 * How a contract asks which mutant is alive.
 *
 * The answer is the address of a library, which stands in the bytecode as a place to be linked: the compiler can
 * neither fold it nor see through it. Linked to a mutant's number it brings that one alive, linked to any other none.
 * The first question at a site also calls the address that Hardhat's coverage listens to: that tells which tests come
 * by.
 */
export const QUESTION_FILE = "contracts/MutantSwitch.sol";
const SWITCH = "MutantSwitch";
const QUESTION = "MutantQuestion";
/** Names that a mutated source imports. */
export const IMPORTED = `${SWITCH}, ${QUESTION}`;

/** Stands in the bytecode where the switch's address goes. */
export const PLACEHOLDER = `__$${id(`${QUESTION_FILE}:${SWITCH}`).slice(2, 36)}$__`;

/** No mutant has this number. */
export const NO_MUTANT = 2 ** 40;

/** Solidity for "is this mutant alive?". */
export const ASKED = (number: string): string => `(uint160(address(${SWITCH})) == ${number})`;

/** The same, noticed by who watches coverage. */
export const FIRST_ASKED = (number: string): string => `(${QUESTION}.first(${number}))`;

/** Gives the source of the libraries behind the questions. */
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

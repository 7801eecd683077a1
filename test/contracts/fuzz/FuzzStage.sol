// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {ITrustBook} from "../../../contracts/interfaces/ITrustBook.sol";
import {Handler} from "../invariants/Handler.sol";
import {Stage} from "../invariants/Stage.sol";
import {vm} from "../Vm.sol";

/// @notice Five jobs in different phases, and calls with any arguments: each does what it should or fails with a name,
/// and whatever it does, the books balance and nobody's money falls.
abstract contract FuzzStage is Stage {
    uint256 private constant STEPS = 160;

    Handler internal stage;
    ITrustBook internal trustBook;

    function setUp() external {
        stage = Handler(vm.deployCode("Handler.sol:Handler"));
        for (uint256 i = 0; i < 3; ++i) stage.post(uint256(keccak256(abi.encode("fuzz job", i))));
        for (uint256 i = 0; i < STEPS; ++i) stage.progressOnce(uint256(keccak256(abi.encode("fuzz step", i))));
        market = stage.market();
        for (uint256 i = 0; i < 2; ++i) tokens[i] = stage.tokens(i);
        _find();
        trustBook = rounds.TRUST();
    }

    // ---------------------------------------------------------------- arguments

    /// @dev Now and then a job goes some steps on first, or time passes.
    modifier sometime(uint256 seed) {
        uint256 mood = _random(seed, "mood", 8);
        if (mood < 2) stage.progressOnce(seed);
        if (mood == 2) _pass(_now() + _random(seed, "time", 300));
        _;
    }

    /// @dev A job that there is, the one after the last, none, or any number.
    function _jobId(uint256 seed) internal view returns (uint256) {
        uint256 mood = _random(seed, "job", 16);
        if (mood == 0) return seed;
        return mood == 1 ? jobBook.jobCount() + (seed % 2) : 1 + (mood % jobBook.jobCount());
    }

    function _round(uint256 seed) internal pure returns (uint256) {
        uint256 mood = _random(seed, "round", 8);
        return mood == 0 ? seed : mood % 5;
    }

    function _seat(uint256 seed) internal pure returns (uint256) {
        uint256 mood = _random(seed, "seat", 16);
        return mood == 0 ? seed : mood % 6;
    }

    /// @dev One of those who take part or, now and then, anybody; never one of the contracts.
    function _anyone(uint256 seed) internal view returns (address) {
        uint256 mood = _random(seed, "who", 16);
        if (mood > 0) return actors[_random(seed, "actor", actors.length)];
        return address(uint160(uint256(keccak256(abi.encode(seed, "outsider")))));
    }

    /// @dev Mostly the terms of the job, now and then another's or any.
    function _terms(uint256 seed, uint256 jobId) internal view returns (bytes32) {
        uint256 mood = _random(seed, "terms", 8);
        if (mood == 0) return keccak256(abi.encode(seed));
        return jobBook.termsOf(mood == 1 ? 1 + (seed % jobBook.jobCount()) : jobId);
    }

    function _token(uint256 seed) internal view returns (address) {
        uint256 mood = _random(seed, "token", 8);
        return mood == 0 ? _anyone(seed) : address(tokens[mood % 2]);
    }

    // ---------------------------------------------------------------- calls

    /// @dev Money may come in and move; no claim of anybody but `withdrawer` falls.
    function _try(
        address target,
        address caller,
        bytes memory data,
        address withdrawer
    ) internal returns (bool success) {
        bytes memory reason;
        (success, reason) = _call(target, caller, data, withdrawer);
        if (!success) _requireNamed(reason);
    }

    function _try(address target, address caller, bytes memory data) internal returns (bool success) {
        return _try(target, caller, data, address(0));
    }

    /// @dev The same where a token is called: one that is hostile, or none at all, fails as it likes.
    function _tryWith(
        address token,
        address target,
        address caller,
        bytes memory data
    ) internal returns (bool success) {
        bytes memory reason;
        (success, reason) = _call(target, caller, data, address(0));
        if (!success && token == address(tokens[0])) _requireNamed(reason);
        require(!success || token.code.length > 0, "took what is no token");
    }

    function _call(
        address target,
        address caller,
        bytes memory data,
        address withdrawer
    ) private returns (bool success, bytes memory reason) {
        uint256[] memory before = _claims();
        vm.prank(caller);
        (success, reason) = target.call(data);
        uint256[] memory later = _claims();
        for (uint256 i = 0; i < before.length; ++i) {
            require(later[i] >= before[i] || actors[i / 4] == withdrawer, "I6: a claim fell");
        }
        _checkBooks(market);
        _checkBooks(registry);
        stage.checkI8();
    }

    /// @dev What only another contract may call refuses everybody else, by that name and nothing else.
    function _refuses(address target, address caller, bytes memory data, bytes4 name) internal {
        vm.prank(caller);
        (bool success, bytes memory reason) = target.call(data);
        require(!success, "a stranger was let through");
        require(bytes4(reason) == name, "refused for another reason");
    }

    // ---------------------------------------------------------------- checks

    /// @dev An error with a name of its own: neither empty, nor a text, nor the compiler's panic.
    function _requireNamed(bytes memory reason) private pure {
        require(reason.length >= 4, "failed without a name");
        bytes4 name = bytes4(reason);
        require(name != bytes4(keccak256("Panic(uint256)")), "panicked");
        require(name != bytes4(keccak256("Error(string)")), "failed with a text");
    }

    function _claims() private view returns (uint256[] memory claims) {
        claims = new uint256[](4 * actors.length);
        for (uint256 i = 0; i < claims.length; ++i) {
            ILedger ledger = i % 2 == 0 ? ILedger(market) : ILedger(registry);
            claims[i] = ledger.withdrawable(address(tokens[(i / 2) % 2]), actors[i / 4]);
        }
    }

    /// @dev I1, I2 and I7 at once: no donations here, so a ledger holds what it owes, to the unit.
    function _checkBooks(ILedger ledger) private view {
        for (uint256 t = 0; t < tokens.length; ++t) {
            address token = address(tokens[t]);
            require(tokens[t].balanceOf(address(ledger)) == ledger.liabilities(token), "I1: books");
        }
    }
}

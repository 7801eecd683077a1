// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HostileToken} from "../../../contracts/mocks/HostileToken.sol";
import {vm} from "../Vm.sol";
import {Action} from "./Action.sol";
import {Ghosts} from "./Ghosts.sol";

/// @notice The second token misbehaves now and then. Whatever it does, the call is refused and nothing has moved;
/// and the books of the other token are checked all along.
abstract contract Moods is Ghosts {
    /// @dev Enough for each call; a token that eats all gas eats no more than this.
    uint256 private constant GAS = 3_000_000;

    uint256 private _calls;

    /// @dev Comes before a call that moves tokens: makes it once while the token cheats, which must fail, and leaves
    /// the token in a mood that is strange and exact.
    function _cheatFirst(address token, address ledger, address actor, bytes memory data) internal {
        if (token != address(tokens[1])) return;
        uint256 seed = uint256(keccak256(abi.encode(++_calls, actor, _now())));
        HostileToken hostile = HostileToken(token);
        if (_random(seed, "cheats", 3) == 0) _cheat(hostile, ledger, actor, data, seed);
        bool mute = _random(seed, "mute", 2) == 0;
        hostile.setMode(mute ? HostileToken.Mode.ReturnsNothing : HostileToken.Mode.Honest);
    }

    function _cheat(
        HostileToken token,
        address ledger,
        address actor,
        bytes memory data,
        uint256 seed
    ) private actsApart(Action.HostileToken, address(token), actor) {
        bytes32 before = _standing(token);
        HostileToken.Mode[7] memory modes = [
            HostileToken.Mode.Fee,
            HostileToken.Mode.ReturnsFalse,
            HostileToken.Mode.Reverts,
            HostileToken.Mode.EatsGas,
            HostileToken.Mode.Lies,
            HostileToken.Mode.MovesTwice,
            HostileToken.Mode.RevertBomb
        ];
        // A fee on what goes out is the receiver's: the ledger sends what it owes.
        uint256 first = bytes4(data) == market.withdraw.selector ? 1 : 0;
        uint256 mood = first + _random(seed, "mood", modes.length + 1 - first);
        if (mood == modes.length) token.setBlocked(actor, true);
        else token.setMode(modes[mood]);

        vm.prank(actor);
        (bool success, ) = ledger.call{gas: GAS}(data);

        require(!success, "a token that cheats was taken at its word");
        token.setBlocked(actor, false);
        require(_standing(token) == before, "a refused call left a trace");
    }

    /// @dev What the hostile token and both ledgers hold and owe.
    function _standing(HostileToken token) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    token.balanceOf(address(market)),
                    token.balanceOf(address(registry)),
                    market.liabilities(address(token)),
                    registry.liabilities(address(token)),
                    jobBook.jobCount()
                )
            );
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobParams} from "../types/JobTypes.sol";

/// @title Commitments
/// @notice What is sealed, and how: each value is bound to chain, contract, job, round and sender, so a copy opens
/// nothing.
/// @dev Mirrored in `sdk/protocol/commitments.ts`. `abi.encode` throughout: no two different openings share an
/// encoding.
library Commitments {
    bytes32 internal constant TERMS_TYPEHASH = keccak256(
        "Terms(uint256 chainId,address book,address initiator,JobParams params)"
    );
    bytes32 internal constant UPDATE_TYPEHASH = keccak256(
        "Update(uint256 chainId,address rounds,uint256 jobId,uint256 round,address trainer,bytes32 digest,bytes32 salt)"
    );
    bytes32 internal constant SCORES_TYPEHASH = keccak256(
        "Scores(uint256 chainId,address panel,uint256 jobId,uint256 round,uint256 attempt,address validator,uint256[] vector,bytes32 salt)"
    );
    bytes32 internal constant ATTEST_TYPEHASH = keccak256(
        "Attestation(uint256 chainId,address panel,uint256 jobId,uint256 round,uint256 attempt,bytes32 digest,uint16 baseScore,uint16 score,address validator)"
    );

    /// @notice Returns the hash of a job's terms, kept by the calling contract on this chain. Job ids are small
    /// numbers, which another job may take after a reorganisation of the chain; this hash tells jobs apart.
    function ofTerms(address initiator, JobParams calldata params) internal view returns (bytes32) {
        return keccak256(abi.encode(TERMS_TYPEHASH, block.chainid, address(this), initiator, params));
    }

    /// @notice Returns the commitment to an update of `trainer`, opened at the calling contract on this chain.
    function ofUpdate(
        uint256 jobId,
        uint256 round,
        address trainer,
        bytes32 digest,
        bytes32 salt
    ) internal view returns (bytes32) {
        return
            keccak256(abi.encode(UPDATE_TYPEHASH, block.chainid, address(this), jobId, round, trainer, digest, salt));
    }

    /// @notice Returns the commitment to a score vector of `validator`, opened at the calling contract on this chain.
    function ofScores(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        address validator,
        uint256[] calldata vector,
        bytes32 salt
    ) internal view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    SCORES_TYPEHASH,
                    block.chainid,
                    address(this),
                    jobId,
                    round,
                    attempt,
                    validator,
                    vector,
                    salt
                )
            );
    }

    /// @notice Returns the attestation by `validator` of a model and its scores, made at the calling contract on this
    /// chain.
    function ofAttestation(
        uint256 jobId,
        uint256 round,
        uint256 attempt,
        bytes32 digest,
        uint16 baseScore,
        uint16 score,
        address validator
    ) internal view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    ATTEST_TYPEHASH,
                    block.chainid,
                    address(this),
                    jobId,
                    round,
                    attempt,
                    digest,
                    baseScore,
                    score,
                    validator
                )
            );
    }
}

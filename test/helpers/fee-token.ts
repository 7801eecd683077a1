import { createRequire } from "node:module";

import { ContractFactory, type Signer } from "ethers";
import { z } from "zod";

/** A token that takes a fee of one per cent from every transfer. Anyone may mint. */
const SOURCE = `
// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
contract FeeToken {
    string public constant symbol = "FEE";
    uint8 public constant decimals = 18;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    function mint(address to, uint256 amount) external { balanceOf[to] += amount; }
    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }
    function transfer(address to, uint256 amount) external returns (bool) { return _move(msg.sender, to, amount); }
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        return _move(from, to, amount);
    }
    function _move(address from, address to, uint256 amount) private returns (bool) {
        balanceOf[from] -= amount;
        balanceOf[to] += amount - amount / 100;
        return true;
    }
}`;

const output = z.object({
  contracts: z.object({
    "FeeToken.sol": z.object({ FeeToken: z.object({ evm: z.object({ bytecode: z.object({ object: z.string() }) }) }) }),
  }),
});

/** Deploys the token and mints `amount` to the signer; returns the token's address. */
export async function deployFeeToken(signer: Signer, amount: bigint): Promise<string> {
  const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };
  const settings = { outputSelection: { "*": { "*": ["evm.bytecode.object"] } } };
  const input = { language: "Solidity", sources: { "FeeToken.sol": { content: SOURCE } }, settings };
  const compiled = output.parse(JSON.parse(solc.compile(JSON.stringify(input))));
  const { object } = compiled.contracts["FeeToken.sol"].FeeToken.evm.bytecode;
  const abi = ["function mint(address to, uint256 amount)"];
  const token = await new ContractFactory(abi, object, signer).deploy();
  await token.waitForDeployment();
  await (await token.getFunction("mint").send(await signer.getAddress(), amount)).wait();
  return token.getAddress();
}
